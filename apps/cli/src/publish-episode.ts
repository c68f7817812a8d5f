import { randomUUID } from 'node:crypto';
import { episodeIdOf } from '#shared/contracts/episode-id';
import { type EpisodeRequest, episodeRequestSchema } from '#shared/contracts/episode-request';
import { parseValue } from '#shared/contracts/parse-message';
import type { Client } from '#shared/client/open-client';
import { publishDownload } from '#shared/client/publish-download';

/** The id an episode will have: its own, or one made of what tells it from others. */
export function requestId(request: Partial<EpisodeRequest> & { url: string }): string {
  return idOf(parseValue(episodeRequestSchema, request));
}

const idOf = (request: EpisodeRequest): string => request.id ?? episodeIdOf(request);

/** Publishes one episode, as `nats pub podline.episodes` would. @returns its id. */
export async function publishEpisode(
  client: Client,
  request: Partial<EpisodeRequest> & { url: string },
): Promise<string> {
  const checked = parseValue(episodeRequestSchema, request);
  const episodeId = idOf(checked);
  // A unique id: publishing again within JetStream's window is how a person resumes, and must not be swallowed.
  const messageId = `submit:${episodeId}:${randomUUID()}`;
  await publishDownload(client, { episodeId, request: checked, messageId, now: Date.now() });
  return episodeId;
}
