import type { CaretakerConfig } from '#shared/config/caretaker';
import { followEvents } from '#shared/jetstream/follow-events';
import type { Runtime } from '#shared/service/runtime';
import type { Duty } from '../duty.ts';
import { webhookJobs } from './webhook-jobs.ts';

/** Turns events into webhook jobs, for the episodes that have a URL and for the operator's. */
export async function startWebhooks(runtime: Runtime<CaretakerConfig>): Promise<Duty> {
  const { config, connection, episodes, publisher, ensureTopology, log } = runtime;
  const follower = await followEvents({
    connection,
    durable: 'webhooks',
    types: config.WEBHOOK_EVENTS,
    ensureTopology,
    log,
    handle: async (event, { subject }) => {
      const { episodeId } = event;
      const state = await episodes.get(episodeId);
      for (const job of webhookJobs(event, subject, state, config.WEBHOOK_URL)) {
        const messageId = `webhook:${job.id}`;
        await publisher.job('webhook', job, { lane: state?.lane ?? 'normal', episodeId, messageId });
      }
    },
  });
  return { name: 'webhooks', ...follower };
}
