import { relative } from 'node:path';
import { Listr } from 'listr2';
import { cliConfigSchema } from '#shared/config/cli';
import { loadConfig } from '#shared/config/load';
import { type Client, openClient } from '#shared/client/open-client';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { EXIT } from '../exit-codes.ts';
import { onInterrupt } from '../on-interrupt.ts';
import { openSession } from '../open-session.ts';
import { findPaths, type Paths } from '../paths.ts';
import { plainText } from '../plain-text.ts';
import { publishEpisode } from '../publish-episode.ts';
import { uploaded } from '../source/episode-source.ts';
import { checkSource, resolveSource } from '../source/resolve-source.ts';
import { LocalStack, SERVICES } from '../stack/local-stack.ts';
import { readRunFile } from '../stack/run-file.ts';
import { UsageError } from '../usage-error.ts';
import { watchEpisode } from '../watch-episodes.ts';
import { writeResults } from '../write-results.ts';

export interface UpOptions {
  /** Transcribe although a transcript is there already. */
  again?: boolean;
  /** End when the episode is finished; by default only where nobody sits at a terminal. */
  once?: boolean;
  /** Start the services only. */
  idle?: boolean;
}

const PREVIEW_LINES = 6;
const SAMPLE_ID = 'sample-episode';

/** `podline up`: the local stack, and the main job on the sample episode or on the person's own audio. */
export async function up(source: string | undefined, options: UpOptions): Promise<number> {
  const paths = findPaths();
  if (source !== undefined && options.idle)
    throw new UsageError(`--idle starts the services only; leave "${source}" out.`);
  if (source !== undefined) await checkSource(source);
  if (await readRunFile(paths.state)) {
    console.log('podline already runs here, with the variables it was started with; using it.\n');
    if (options.idle) return EXIT.done;
    const client = await openSession();
    try {
      return await mainJob(client, paths, source, undefined, options, new AbortController().signal);
    } finally {
      await client.close();
    }
  }
  const config = loadConfig(cliConfigSchema);
  if (config.NATS_URL !== undefined)
    console.log('NATS_URL is not used: podline starts a NATS server of its own here.\n');
  const stop = new AbortController();
  const stack = new LocalStack(paths, config, stop.signal);
  const interrupted = onInterrupt(() => stop.abort());
  try {
    await startStack(stack, stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    if (stop.signal.aborted) return EXIT.interrupted;
    const client = await openClient({ ...config, NATS_URL: stack.natsUrl });
    const dead = stack.firstDeath().then((name) => {
      console.error(`\n${name} has ended unexpectedly; see ${relative(process.cwd(), paths.state)}/logs/${name}.log`);
      stop.abort();
      return EXIT.failed;
    });
    try {
      const job = options.idle
        ? Promise.resolve<number>(EXIT.done)
        : mainJob(client, paths, source, stack, options, stop.signal);
      const code = await Promise.race([job, dead]);
      if (stop.signal.aborted || (options.once ?? (!options.idle && !process.stdin.isTTY)))
        return stop.signal.aborted && code === EXIT.done ? EXIT.interrupted : code;
      console.log('podline is running. Ctrl-C ends it.');
      await Promise.race([interrupted, dead]);
      return EXIT.done;
    } finally {
      await client.close();
    }
  } finally {
    if (stop.signal.aborted) console.log('\nStopping…');
    await stack.stop();
  }
}

async function startStack(stack: LocalStack, signal: AbortSignal): Promise<void> {
  /** The first: the list of tasks repeats an error for each level it is in, so it is shown the name alone. */
  let failure: unknown;
  const tasks = new Listr(
    [
      {
        title: 'nats-server',
        task: async (_, task) => {
          task.title = `nats-server at ${await stack.startNats()}`;
        },
      },
      {
        title: 'services',
        task: (_, task) =>
          task.newListr(
            SERVICES.map((name) => ({
              title: name,
              task: async (__, own) => {
                const url = await stack.startService(name).catch((error: unknown) => {
                  failure ??= error;
                  throw new Error('it did not start');
                });
                own.title = `${name} at ${url}`;
              },
            })),
            { concurrent: true, rendererOptions: { collapseSubtasks: false } },
          ),
      },
    ],
    { registerSignalListeners: false, fallbackRenderer: 'simple' },
  );
  await tasks.run().catch((error: unknown) => {
    throw failure ?? error;
  });
  if (!signal.aborted) await stack.announce();
}

async function mainJob(
  client: Client,
  paths: Paths,
  source: string | undefined,
  stack: LocalStack | undefined,
  options: UpOptions,
  signal: AbortSignal,
): Promise<number> {
  const own = source ?? (stack ? `${stack.exampleOrigin}/feed.xml` : undefined);
  if (own === undefined) {
    console.log('Give an audio URL, a file or a feed: npm start -- <URL or file>');
    return EXIT.usage;
  }
  const [found, ...others] = await resolveSource(own, 1, client.audio);
  if (!found) return EXIT.failed;
  if (others.length > 0)
    console.log(`${plainText(own)} has ${others.length + 1} audio files; this is the first. All: podline submit`);
  const { seconds: _known, ...episode } = await uploaded(found);
  const id = source === undefined ? sampleId(options) : undefined;
  const known = options.again ? undefined : id && (await client.episodes.get(id));
  const submitted = new Date().toISOString();
  const episodeId = await publishEpisode(client, {
    ...episode,
    ...(id === undefined ? {} : { id }),
    ...(options.again && id === undefined ? { id: `again-${Date.now()}` } : {}),
  });
  console.log(
    `\nPublished "${plainText(episode.title ?? withoutCredentials(episode.url))}" to podline.episodes as ${episodeId}`,
  );
  if (known && known.status === 'done') console.log('It is transcribed already; --again does it anew.');
  const state = await watchEpisode(
    client,
    episodeId,
    process.stdout,
    signal,
    (one) => one.status === 'failed' && one.at.changed < submitted,
  );
  return state ? report(client, paths, state) : EXIT.interrupted;
}

function sampleId(options: UpOptions): string {
  return options.again ? `${SAMPLE_ID}-${Date.now()}` : SAMPLE_ID;
}

async function report(client: Client, paths: Paths, state: EpisodeState): Promise<number> {
  if (state.status !== 'done') {
    console.log(`\nThe episode has failed. All about it: npm run podline -- status ${state.episodeId}`);
    return EXIT.failed;
  }
  const written = await writeResults(client.results, state, paths.transcripts);
  const here = relative(process.cwd(), written.folder);
  console.log(`\nTranscript: ${here}/transcript.txt (also json, srt, vtt)\n`);
  console.log(indent(firstLines(written.transcript)));
  console.log(`\nSummary: ${here}/summary.md\n`);
  console.log(indent(written.summary.trim()));
  console.log(`
Next:
  npm start -- <audio URL | file | feed URL>        your own audio
  npm start -- --idle                               podline alone, for the commands below
  npm run podline -- status                         all episodes
  npm run podline -- get ${state.episodeId} --format srt
  nats pub podline.episodes '{"url":"https://…/episode.mp3"}'   the same with NATS' own CLI (natscli)
`);
  return EXIT.done;
}

function firstLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const shown = lines.slice(0, PREVIEW_LINES).map((line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line));
  return lines.length > PREVIEW_LINES ? [...shown, '…'].join('\n') : shown.join('\n');
}

const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');
