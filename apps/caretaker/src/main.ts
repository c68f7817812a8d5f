import { caretakerConfigSchema } from '#shared/config/caretaker';
import { DEFAULTS, SECOND } from '#shared/config/defaults';
import { allowList } from '#shared/http/allow-list';
import { runService } from '#shared/service/run-service';
import { CaretakerModule } from './caretaker.module.ts';
import { startDuties, stopDuties } from './start-duties.ts';

await runService({
  name: 'caretaker',
  queue: 'webhook',
  schema: caretakerConfigSchema,
  prepare: async (runtime) => {
    // A bad entry must stop the start, not the first job.
    const allow = allowList(runtime.config.WEBHOOK_ALLOW_HOSTS, 'WEBHOOK_ALLOW_HOSTS');
    return { allow, duties: await startDuties(runtime) };
  },
  jobs: (config) => ({
    slots: config.WEBHOOK_CONCURRENCY,
    maxAckPending: config.WEBHOOK_MAX_ACK_PENDING,
    policy: {
      maxDeliveries: config.WEBHOOK_MAX_DELIVERIES,
      baseMs: DEFAULTS.webhook.retryBaseMs,
      capMs: DEFAULTS.webhook.retryCapMs,
    },
    // Connecting and answering have that time each.
    ceilingMs: 2 * config.WEBHOOK_TIMEOUT_SECONDS * SECOND + 5 * SECOND,
  }),
  module: ({ config }, { allow }) =>
    CaretakerModule.with({
      post: { allow, timeoutMs: config.WEBHOOK_TIMEOUT_SECONDS * SECOND },
      operatorUrl: config.WEBHOOK_URL,
      secrets: config.WEBHOOK_SECRET,
    }),
  checks: ({ duties }) => Object.fromEntries(duties.map((duty) => [duty.name, duty.ready])),
  // The letter says it all: an episode does not fail because nobody would hear of it.
  onDead: () => Promise.resolve(),
  close: ({ duties }) => stopDuties(duties),
});
