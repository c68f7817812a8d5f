import { z } from 'zod';
import { httpUrl } from '#shared/contracts/episode-request';
import { EVENT_TYPES, type EventType } from '#shared/contracts/events';
import { serviceVariables } from './common.ts';
import { DEFAULTS } from './defaults.ts';
import { integer, list } from './variables.ts';

const isSecret = (text: string): boolean => {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const bytes = encoded === undefined ? 0 : Buffer.from(encoded, 'base64').length;
  return bytes >= 24 && bytes <= 64;
};

/** Variables of the caretaker: what the cluster needs once. */
export const caretakerConfigSchema = z.object({
  ...serviceVariables,
  WEBHOOK_URL: httpUrl.optional().describe('Told of every episode’s events; may hold user name and password'),
  WEBHOOK_EVENTS: list()
    .refine((names) => names.every((name) => (EVENT_TYPES as readonly string[]).includes(name)), {
      error: `expected a list of ${EVENT_TYPES.join(', ')}`,
    })
    .transform((names) => names as EventType[])
    .default(['summarized', 'failed'])
    .describe('Events receivers are told of'),
  WEBHOOK_SECRET: list()
    .refine((secrets) => secrets.every(isSecret), {
      error: 'expected whsec_ and 24 to 64 bytes in base64; several, the newest first, separated by commas',
    })
    .default([])
    .describe('Signs webhooks: whsec_ and 24 to 64 bytes in base64; several while secrets are exchanged'),
  WEBHOOK_CONCURRENCY: integer(1, 256)
    .default(DEFAULTS.webhook.concurrency)
    .describe('Webhooks one replica delivers at once'),
  WEBHOOK_MAX_ACK_PENDING: integer(1, 100_000)
    .default(DEFAULTS.webhook.maxAckPending)
    .describe('Webhooks the whole cluster delivers at once, per lane; those that wait for a retry count'),
  WEBHOOK_TIMEOUT_SECONDS: integer(1, 300)
    .default(DEFAULTS.webhook.timeoutSeconds)
    .describe('Time a receiver has for its answer, in seconds'),
  WEBHOOK_MAX_DELIVERIES: integer(1, 100)
    .default(DEFAULTS.webhook.maxDeliveries)
    .describe('Tries after which a webhook is dead-lettered; 15 take about two hours'),
  WEBHOOK_ALLOW_HOSTS: list()
    .default([])
    .describe('host:port or CIDR entries that may be private addresses; all others must be public'),
  FEED_CONCURRENCY: integer(0, 64).default(DEFAULTS.feeds.concurrency).describe('Feeds polled at once; 0 polls none'),
  DOWNLOAD_ALLOW_HOSTS: list()
    .default([])
    .describe('host:port or CIDR entries a feed may come from although they are private addresses'),
});
export type CaretakerConfig = z.output<typeof caretakerConfigSchema>;
