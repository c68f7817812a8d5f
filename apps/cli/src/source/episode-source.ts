import type { EpisodeRequest } from '#shared/contracts/episode-request';

/** What a person gave, as the fields of an episode request. */
export interface EpisodeSource {
  url: string;
  title?: string | undefined;
  feed?: string | undefined;
  guid?: string | undefined;
  publishedAt?: string | undefined;
  seconds?: number | undefined;
  transcripts?: EpisodeRequest['transcripts'];
}
