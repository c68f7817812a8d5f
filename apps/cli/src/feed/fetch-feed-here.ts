import { cliConfigSchema } from '#shared/config/cli';
import { loadConfig } from '#shared/config/load';
import { asError } from '#shared/errors';
import { type FetchedFeed, feedFetcher, type FetchFeed } from '#shared/feeds/fetch-feed';
import { allowList } from '#shared/http/allow-list';
import { UsageError } from '../usage-error.ts';

/** Fetches feeds from this machine, under the rules of the caretaker. */
export function localFetcher(): FetchFeed {
  return feedFetcher(allowList(loadConfig(cliConfigSchema).DOWNLOAD_ALLOW_HOSTS, 'DOWNLOAD_ALLOW_HOSTS'));
}

/** A feed as it is now. @throws UsageError saying what is wrong with it. */
export async function fetchFeedHere(url: string): Promise<FetchedFeed> {
  try {
    const fetched = await localFetcher()(url, {}, new AbortController().signal);
    if (fetched !== 'not-modified') return fetched;
  } catch (error) {
    throw new UsageError(asError(error).message);
  }
  throw new UsageError('The feed’s server answered 304 to a first request.');
}
