import { join, relative } from 'node:path';
import type { Client } from '#shared/client/open-client';
import {
  chaptersKey,
  SUMMARY_FORMATS,
  summaryKey,
  TRANSCRIPT_FORMATS,
  transcriptKey,
} from '#shared/contracts/artifact-keys';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { EXIT } from '../exit-codes.ts';
import { findFeed } from '../feed/find-feed.ts';
import { withSession } from '../open-session.ts';
import { RENDERED_FILES, renderFormat } from '../render-format.ts';
import { UsageError } from '../usage-error.ts';
import { writeNewFile, type Written } from '../write-new-file.ts';
import { folderName, MAX_RESULT_BYTES } from '../write-results.ts';

export interface PullOptions {
  all?: boolean;
  feed?: string;
  out: string;
  force?: boolean;
  json?: boolean;
}

interface PulledFile {
  episodeId: string;
  file: string;
  outcome: Written;
}

/** `podline pull`: writes results into a folder, one folder an episode. Ends with 1 where files stood in the way. */
export async function pull(episodeIds: string[], options: PullOptions): Promise<number> {
  const ways = [episodeIds.length > 0, options.all === true, options.feed !== undefined].filter(Boolean);
  if (ways.length !== 1) throw new UsageError('Name episodes, or all by --all, or those of one feed by --feed.');
  return withSession(async (client) => {
    const files: PulledFile[] = [];
    for (const state of await wanted(client, episodeIds, options))
      files.push(...(await pullEpisode(client, state, options)));
    console.log(options.json ? JSON.stringify(files, undefined, 2) : report(files, options));
    return files.some(({ outcome }) => outcome === 'kept') ? EXIT.failed : EXIT.done;
  });
}

async function wanted(client: Client, episodeIds: string[], { feed }: PullOptions): Promise<EpisodeState[]> {
  if (episodeIds.length > 0) {
    return Promise.all(
      episodeIds.map(async (id) => {
        const state = await client.episodes.get(id);
        if (!state) throw new UsageError(`There is no episode "${id}".`);
        if (state.status !== 'done') throw new UsageError(`Episode "${id}" is not done: it is ${state.status}.`);
        return state;
      }),
    );
  }
  const url = feed === undefined ? undefined : withoutCredentials((await findFeed(client, feed)).url);
  const states: EpisodeState[] = [];
  for await (const state of client.episodes.list()) {
    if (state.status === 'done' && (url === undefined || state.request?.feed === url)) states.push(state);
  }
  return states;
}

async function pullEpisode({ results }: Client, state: EpisodeState, options: PullOptions): Promise<PulledFile[]> {
  const { episodeId } = state;
  const keys = [
    ...TRANSCRIPT_FORMATS.map((format) => [`transcript.${format}`, transcriptKey(episodeId, format)] as const),
    ...SUMMARY_FORMATS.map((format) => [`summary.${format}`, summaryKey(episodeId, format)] as const),
    ['chapters.json', chaptersKey(episodeId)] as const,
  ];
  const files: PulledFile[] = [];
  const write = async (name: string, bytes: Uint8Array | undefined): Promise<void> => {
    if (bytes === undefined) return;
    const file = join(options.out, folderName(state), name);
    files.push({ episodeId, file, outcome: await writeNewFile(file, bytes, options.force === true) });
  };
  for (const [name, key] of keys) {
    await write(name, await results.read(key, { maxBytes: MAX_RESULT_BYTES }));
  }
  for (const [name, format] of Object.entries(RENDERED_FILES)) {
    await write(name, await renderFormat(results, episodeId, format));
  }
  return files;
}

function report(files: readonly PulledFile[], { out }: PullOptions): string {
  if (files.length === 0) return 'No results yet.';
  const count = (outcome: Written): number => files.filter((one) => one.outcome === outcome).length;
  const kept = files
    .filter(({ outcome }) => outcome === 'kept')
    .map(({ file }) => `  ${relative(process.cwd(), file)}`);
  const episodes = new Set(files.map(({ episodeId }) => episodeId)).size;
  const counts = (['written', 'replaced', 'unchanged', 'kept'] as const).flatMap((outcome) =>
    count(outcome) > 0 ? [`${count(outcome)} ${outcome}`] : [],
  );
  return [
    `${episodes} episodes in ${out}: ${counts.join(', ')}`,
    ...(kept.length > 0 ? ['These differ from what is stored and were kept; --force replaces them:', ...kept] : []),
  ].join('\n');
}
