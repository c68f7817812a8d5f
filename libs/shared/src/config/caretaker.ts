import { z } from 'zod';
import { serviceVariables } from './common.ts';
import { DEFAULTS } from './defaults.ts';
import { integer, list } from './variables.ts';

/** Variables of the caretaker: what the cluster needs once. */
export const caretakerConfigSchema = z.object({
  ...serviceVariables,
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
});
export type CaretakerConfig = z.output<typeof caretakerConfigSchema>;
