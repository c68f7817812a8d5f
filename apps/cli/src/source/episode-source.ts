import type { EpisodeRequest } from '#shared/contracts/episode-request';

/** What a person gave, as the fields of an episode request. */
export interface EpisodeSource {
  url: string;
  /**
   * For audio that is no URL: stores it in the cluster, which waits while that is full.
   * @param isNeeded whether anybody wants what has this URL. @returns its URL there.
   */
  upload?: (isNeeded: IsNeeded) => Promise<string>;
  title?: string | undefined;
  feed?: string | undefined;
  guid?: string | undefined;
  publishedAt?: string | undefined;
  seconds?: number | undefined;
  transcripts?: EpisodeRequest['transcripts'];
}

export type IsNeeded = (url: string) => Promise<boolean>;

/** The source with the URL of its audio. One at a time, so that what is stored is published before the next is. */
export async function uploaded(
  { upload, ...source }: EpisodeSource,
  isNeeded: IsNeeded = () => Promise.resolve(true),
): Promise<EpisodeSource> {
  return upload === undefined ? source : { ...source, url: await upload(isNeeded) };
}
