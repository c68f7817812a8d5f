import { connect, type NatsConnection } from 'nats';
import { type Client, openClient } from '#shared/client/open-client';
import { natsConfigSchema, type StorageConfig, storageConfigSchema } from '#shared/config/common';
import type { Release } from './release.ts';

interface Secret {
  data: Record<string, string>;
}

/** Password of one of the chart's NATS users. */
async function passwordOf(release: Release, user: string): Promise<string> {
  const secret = await release.kubectlJson<Secret>('get', 'secret', `${release.name}-nats-auth`);
  return Buffer.from(secret.data[user] ?? '', 'base64').toString('utf8');
}

const urlOf = ({ name, namespace }: Release): string => `nats://${name}-nats.${namespace}.svc.cluster.local:4222`;

/**
 * What the command line uses, as the user `operator`.
 * @param more Variables of the connection and the storage, where they are not the chart's defaults.
 */
export async function openOperator(
  release: Release,
  more: Partial<StorageConfig> & { NATS_TLS_CA_FILE?: string } = {},
): Promise<Client> {
  const login = { NATS_USER: 'operator', NATS_PASSWORD: await passwordOf(release, 'operator') };
  const inbox = { NATS_INBOX_PREFIX: '_INBOX_operator' };
  const config = natsConfigSchema.parse({ NATS_URL: urlOf(release), ...login, ...inbox, ...more });
  return openClient({ ...config, ...storageConfigSchema.parse({}), ...more, STREAM_REPLICAS: 1 });
}

/** A plain NATS connection, as what anybody uses who only publishes. */
export async function connectAs(release: Release, user: 'operator' | 'publisher'): Promise<NatsConnection> {
  return connect({
    servers: urlOf(release),
    user,
    pass: await passwordOf(release, user),
    inboxPrefix: `_INBOX_${user}`,
    maxReconnectAttempts: -1,
  });
}
