import type { MsgHdrs } from 'nats';
import type { NatsConnection } from '#shared/jetstream/connect';
import { Publisher } from '#shared/jetstream/publish';

const AT_ONCE = 100;

/** Puts so many jobs into the summarizer's queue. @param round makes them others than those of another round. */
export async function fillQueue(
  connection: NatsConnection,
  jobs: number,
  round: string,
  headers?: () => MsgHdrs,
): Promise<void> {
  const publisher = new Publisher(connection.jetstream(), headers);
  for (let first = 0; first < jobs; first += AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, jobs - first) }, (_, number) => {
        const episodeId = `e${first + number}`;
        const options = { lane: 'normal', episodeId, messageId: `${round} ${episodeId}` } as const;
        return publisher.job('summarize', { v: 1, episodeId, lane: 'normal', provider: 'extractive' }, options);
      }),
    );
  }
}
