import { readFile } from 'node:fs/promises';
import { connect, credsAuthenticator, type ConnectionOptions, type NatsConnection, type TlsOptions } from 'nats';
import type { NatsConfig } from '#shared/config/common';

export type { NatsConnection };

/** Below this, a replicated stream loses acknowledged compare-and-set updates: nats-server 2.9.21 mended it. */
const SAFE_REPLICATION = [2, 9, 21] as const;
/** The oldest server whose JetStream podline is tested with. */
const OLDEST = [2, 9, 0] as const;
/** What a production cluster should run. */
export const PRODUCTION_FLOOR = '2.12.3';

/**
 * Connects, and never gives up reconnecting: a NATS that is away for an hour must cost an hour, not a restart of
 * everything.
 * @throws NatsError where the first connection fails: a service tries it patiently, a person wants to know at once.
 */
export async function connectNats(config: NatsConfig, name: string): Promise<NatsConnection> {
  return connect({
    servers: config.NATS_URL.split(','),
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    reconnectJitter: 500,
    pingInterval: 10_000,
    ...(config.NATS_INBOX_PREFIX ? { inboxPrefix: config.NATS_INBOX_PREFIX } : {}),
    maxPingOut: 2,
    // Else the client makes an error with its stack for every request, should it time out: an eighth of what an empty job costs.
    noAsyncTraces: true,
    ...(await credentials(config)),
    ...tls(config),
  });
}

async function credentials(config: NatsConfig): Promise<Partial<ConnectionOptions>> {
  if (config.NATS_CREDS_FILE) return { authenticator: credsAuthenticator(await readFile(config.NATS_CREDS_FILE)) };
  if (config.NATS_TOKEN) return { token: config.NATS_TOKEN };
  if (config.NATS_USER) return { user: config.NATS_USER, pass: config.NATS_PASSWORD ?? '' };
  return {};
}

function tls(config: NatsConfig): { tls?: TlsOptions } {
  const files: TlsOptions = {
    ...(config.NATS_TLS_CA_FILE ? { caFile: config.NATS_TLS_CA_FILE } : {}),
    ...(config.NATS_TLS_CERT_FILE ? { certFile: config.NATS_TLS_CERT_FILE } : {}),
    ...(config.NATS_TLS_KEY_FILE ? { keyFile: config.NATS_TLS_KEY_FILE } : {}),
  };
  return Object.keys(files).length > 0 ? { tls: files } : {};
}

/** Why this server must not be used, or undefined. */
export function refuseServer(version: string, streamReplicas: number): string | undefined {
  if (isOlder(version, OLDEST)) {
    return `nats-server ${version} is too old: podline needs ${OLDEST.join('.')}, and ${PRODUCTION_FLOOR} in production.`;
  }
  if (streamReplicas > 1 && isOlder(version, SAFE_REPLICATION)) {
    return (
      `nats-server ${version} loses acknowledged updates on replicated streams (STREAM_REPLICAS=${streamReplicas}): ` +
      `upgrade it to ${SAFE_REPLICATION.join('.')} or newer (${PRODUCTION_FLOOR} in production), or set STREAM_REPLICAS=1.`
    );
  }
  return undefined;
}

function isOlder(version: string, floor: readonly number[]): boolean {
  const parts = version.split(/[.-]/, 3).map(Number);
  for (const [index, least] of floor.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}
