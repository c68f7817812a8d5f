import type { WebhookJob } from '#shared/contracts/jobs';

/** What a receiver gets: the event, and what its publisher called the episode. The same bytes at every try. */
export function webhookBody({ event, about }: WebhookJob): string {
  const { v, type, at, ...fields } = event;
  return JSON.stringify({ v, type, timestamp: at, data: { ...fields, ...about } });
}
