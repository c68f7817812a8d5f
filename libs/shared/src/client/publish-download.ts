import type { EpisodeRequest } from '#shared/contracts/episode-request';
import { turnOf } from '#shared/contracts/turn';
import type { Publisher } from '#shared/jetstream/publish';
import { announceEpisode } from '#shared/storage/announce-episode';
import type { EpisodeStore } from '#shared/storage/episode-store';

export interface DownloadToPublish {
  episodeId: string;
  request: EpisodeRequest;
  /** JetStream drops a second message with the same one, within its window. */
  messageId: string;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Publishes an episode's first job, and makes the episode visible: were its queue lost, only its state could bring it back.
 * @throws RetryableError where NATS did not take the job.
 */
export async function publishDownload(
  { publisher, episodes }: { publisher: Publisher; episodes: EpisodeStore },
  { episodeId, request, messageId, now }: DownloadToPublish,
): Promise<void> {
  const job = { ...request, id: episodeId };
  const lane = request.lane ?? 'normal';
  await publisher.job('download', job, { lane, turn: turnOf(request, now), episodeId, messageId });
  await announceEpisode(episodes, job, episodeId, lane);
}
