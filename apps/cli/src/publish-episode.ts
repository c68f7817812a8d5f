import { randomUUID } from 'node:crypto';
import { episodeIdOf } from '#shared/contracts/episode-id';
import { type EpisodeRequest, episodeRequestSchema } from '#shared/contracts/episode-request';
import { parseValue } from '#shared/contracts/parse-message';
import { turnOf } from '#shared/contracts/turn';
import type { Client } from '#shared/client/open-client';
import { announceEpisode } from '#shared/storage/announce-episode';

/** Publishes one episode, as `nats pub podline.episodes` would. @returns its id. */
export async function publishEpisode(
  client: Client,
  request: Partial<EpisodeRequest> & { url: string },
): Promise<string> {
  const checked = parseValue(episodeRequestSchema, request);
  const episodeId = checked.id ?? episodeIdOf(checked);
  const lane = checked.lane ?? 'normal';
  await client.publisher.job(
    'download',
    { ...checked, id: episodeId },
    // A unique id: publishing again within JetStream's window is how a person resumes, and must not be swallowed.
    { lane, turn: turnOf(checked, Date.now()), episodeId, messageId: `submit:${episodeId}:${randomUUID()}` },
  );
  await announceEpisode(client.episodes, { ...checked, id: episodeId }, episodeId, lane);
  return episodeId;
}
