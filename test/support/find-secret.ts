import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NatsConnection } from 'nats';

/**
 * Every place a secret has got to: the logs in a folder, and every message NATS has stored (jobs, states, events, dead
 * letters, artifacts), in subjects, headers and bodies. Base64 of the secret's neighbourhood counts as well.
 * @returns names of those places, fit for a message; empty when there are none.
 */
export async function findSecret(secret: string, raw: NatsConnection, logs: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(logs)) {
    if (holds(await readFile(join(logs, name)), secret)) found.push(`log ${name}`);
  }
  const { streams } = await raw.jetstreamManager();
  for await (const { config, state } of streams.list()) {
    for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
      const message = await streams.getMessage(config.name, { seq }).catch(() => undefined);
      if (message === undefined) continue;
      const head = [message.subject, ...[...(message.header ?? [])].flat(2)].join('\n');
      if (holds(Buffer.from(head), secret) || holds(Buffer.from(message.data), secret))
        found.push(`${config.name} ${message.subject}`);
    }
  }
  return found;
}

/** In plain text, or in one of the three ways base64 writes it, by its place among groups of three bytes. */
function holds(bytes: Buffer, secret: string): boolean {
  return [secret, ...[0, 1, 2].map((offset) => base64Core(secret, offset))].some((text) => bytes.includes(text));
}

function base64Core(secret: string, offset: number): string {
  const padded = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const whole = padded.subarray(0, padded.length - (padded.length % 3)).toString('base64');
  return whole.slice(offset === 0 ? 0 : 4);
}
