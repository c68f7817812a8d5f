import { type CliConfig, cliConfigSchema } from '#shared/config/cli';
import { DEFAULTS } from '#shared/config/defaults';
import { loadConfig } from '#shared/config/load';
import { type Client, openClient } from '#shared/client/open-client';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { asError } from '#shared/errors';
import { findPaths } from './paths.ts';
import { readRunFile } from './stack/run-file.ts';
import { UnreachableError } from './usage-error.ts';

/** After so many milliseconds without an answer a person is told what is waited for. */
const NOTICE_MS = 2000;

/** Connects to the NATS of `NATS_URL`, else to the local stack, else to NATS' usual address. */
export async function openSession(config: CliConfig = loadConfig(cliConfigSchema)): Promise<Client> {
  const local = config.NATS_URL ?? (await readRunFile(findPaths().state))?.natsUrl;
  const url = local ?? DEFAULTS.nats.url;
  const notice = setTimeout(() => console.error(`Waiting for NATS at ${withoutCredentials(url)} ...`), NOTICE_MS);
  try {
    return await openClient({ ...config, NATS_URL: url });
  } catch (error) {
    throw new UnreachableError(
      `No NATS server answers at ${withoutCredentials(url)} (${asError(error).message}). ` +
        'Start the local stack with "npm start", or set NATS_URL.',
    );
  } finally {
    clearTimeout(notice);
  }
}

/** Runs a command with a connection, and closes it whatever happens. */
export async function withSession<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = await openSession();
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
