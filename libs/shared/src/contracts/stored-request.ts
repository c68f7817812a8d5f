import type { EpisodeRequest } from './episode-request.ts';
import { withoutCredentials } from './without-credentials.ts';

/** A request as it is kept for good: the job has what the download needs, what is stored holds no credentials. */
export function storedRequest(request: EpisodeRequest): EpisodeRequest {
  const transcripts = request.transcripts?.map((one) => ({ ...one, url: withoutCredentials(one.url) }));
  return {
    ...request,
    url: withoutCredentials(request.url),
    ...(request.feed === undefined ? {} : { feed: withoutCredentials(request.feed) }),
    ...(transcripts === undefined ? {} : { transcripts }),
  };
}
