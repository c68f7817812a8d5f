import { type EpisodeOptions, episodeRequestSchema } from '#shared/contracts/episode-request';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { isFinished } from '#shared/contracts/episode-transitions';
import { LANES, type Lane, SUMMARY_PROVIDERS, TRANSCRIPTION_PROVIDERS } from '#shared/contracts/names';
import { BatchOrder } from '#shared/contracts/turn';
import { parseValue } from '#shared/contracts/parse-message';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { dryRun } from './dry-run.ts';
import { EXIT } from '../exit-codes.ts';
import { withSession } from '../open-session.ts';
import { oneOf, wholeNumber } from '../option-values.ts';
import { plainText } from '../plain-text.ts';
import { publishEpisode, requestId } from '../publish-episode.ts';
import { uploaded } from '../source/episode-source.ts';
import { resolveSource } from '../source/resolve-source.ts';
import { UsageError } from '../usage-error.ts';

/** What episodes are published with, as options of a command. */
export interface RequestOptions {
  id?: string;
  title?: string;
  lane?: string;
  provider?: string;
  model?: string;
  language?: string;
  prompt?: string;
  chunkSeconds?: string;
  summary?: string;
  webhook?: string;
  alwaysTranscribe?: boolean;
}

export interface SubmitOptions extends RequestOptions {
  latest: string;
  json?: boolean;
  dryRun?: boolean;
  minutes?: string;
}

/** `podline submit`: publishes one episode, or the newest of a feed. */
export async function submit(from: string, options: SubmitOptions): Promise<number> {
  const latest = wholeNumber('--latest', options.latest);
  const shared = requestFields(options);
  if (options.dryRun) {
    const minutes = options.minutes === undefined ? undefined : wholeNumber('--minutes', options.minutes);
    return dryRun(from, shared.options, { latest, minutes, json: options.json ?? false });
  }
  return withSession(async (client) => {
    const episodes = await resolveSource(from, latest, client.audio);
    if (episodes.length > 1 && options.id !== undefined)
      throw new UsageError('--id names one episode, and there are several.');
    const order = new BatchOrder();
    const published: { episodeId: string; url: string; title?: string | undefined; before?: string }[] = [];
    for (const source of episodes) {
      const isNeeded = async (url: string): Promise<boolean> => {
        const state = await client.episodes.get(requestId({ ...shared, url }));
        return state === undefined || !isFinished(state.status);
      };
      const episode = await uploaded(source, isNeeded);
      const request = { ...episode, ...order.next(episode), ...shared };
      const known = await client.episodes.get(requestId(request));
      const episodeId = await publishEpisode(client, request);
      const url = withoutCredentials(episode.url);
      const { transcripts: _offered, ...shown } = episode;
      published.push({ episodeId, ...shown, url, ...(known === undefined ? {} : { before: known.status }) });
      if (!options.json)
        console.log(`${episodeId}  ${plainText(shared.title ?? episode.title ?? url)}${beforeText(known)}`);
    }
    if (options.json) console.log(JSON.stringify(published, undefined, 2));
    return EXIT.done;
  });
}

/** What is known is not begun anew, but where it had failed: other options than the first change nothing. */
function beforeText(known: EpisodeState | undefined): string {
  if (known === undefined) return '';
  return known.status === 'failed' ? '  (had failed; tried again)' : `  (known already, and ${known.status})`;
}

/** The options as fields of a request. @throws UsageError or PermanentError naming a bad one. */
export function requestFields(options: RequestOptions): {
  id?: string;
  title?: string;
  lane?: Lane;
  webhook?: string;
  options: EpisodeOptions;
} {
  const wanted = {
    ...defined({
      provider: oneOf('--provider', options.provider, TRANSCRIPTION_PROVIDERS),
      model: options.model,
      language: options.language,
      prompt: options.prompt,
      alwaysTranscribe: options.alwaysTranscribe,
    }),
    ...(options.chunkSeconds === undefined
      ? {}
      : { chunkSeconds: wholeNumber('--chunk-seconds', options.chunkSeconds) }),
    ...(options.summary === undefined
      ? {}
      : { summary: { provider: oneOf('--summary', options.summary, SUMMARY_PROVIDERS) } }),
  };
  return {
    ...defined({
      id: options.id,
      title: options.title,
      lane: oneOf('--lane', options.lane, LANES),
      webhook: options.webhook,
    }),
    options: parseValue(episodeRequestSchema.shape.options, wanted),
  };
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
