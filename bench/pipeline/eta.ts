import type { Batch } from '../../apps/cli/src/batch/batch.ts';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import type { WatchReport } from '../../apps/cli/src/view/watch-report.ts';
import { watchEpisodes } from '../../apps/cli/src/watch-episodes.ts';
import { MINUTE } from '#shared/config/defaults';
import { prepareFakeEngine } from '../../test/support/fake-models.ts';
import { body, type MediaServer, startMediaServer } from '../../test/support/media-server.ts';
import { startServiceStack } from '../../test/support/service-stack.ts';
import { tonePcm, wav } from '../../test/support/tone-episode.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';
import { withFolder } from './with-folder.ts';

/** As podcasts are: most short or middling, some long; in seconds of audio, a minute of which stands for ten. */
const LENGTHS = [40, 65, 120, 180, 210, 240, 270, 330, 420, 720];
const EPISODES = 30;
const CHUNK_SECONDS = 30;
const REPLICAS = 2;
const WORKERS = 2;
/** Seconds of audio an engine hears in a second; a batch takes about three minutes. */
const ENGINE = { FAKE_WHISPER_SPEED: '12', FAKE_WHISPER_JITTER: '0.2' };
const SHARES = [0.1, 0.25, 0.5, 0.75];
/** The estimate after the first tenth is off by no more. */
const AIM = 0.25;
const LIMIT_MS = 15 * MINUTE;

/** How right `podline watch` is about the end of a batch, while it runs. */
export const eta: Bench = {
  name: 'eta',
  title: `The ETA of ${EPISODES} episodes of mixed length over ${REPLICAS} replicas of ${WORKERS} engines`,
  run: (repetitions) => withFolder((folder) => compare(folder, repetitions)),
};

interface Noted {
  share: number;
  atMs: number;
  etaSeconds: number | undefined;
}

async function compare(folder: string, repetitions: number): Promise<BenchResult> {
  const audio = LENGTHS.map((seconds, index) => wav(tonePcm(index, seconds)));
  const routes = Object.fromEntries(audio.map((bytes, index) => [`/${index}.wav`, body(bytes, 'audio/wav')]));
  const media = await startMediaServer(routes);
  const errors = SHARES.map((): number[] => []);
  const rows: string[][] = [];
  try {
    for (let round = 1; round <= repetitions; round++) {
      const { noted, endMs, startMs } = await watchBatch(media, folder);
      const texts = SHARES.map((share, at) => {
        const note = noted.find((one) => one.share === share);
        const left = (endMs - (note?.atMs ?? endMs)) / 1000;
        const error = note?.etaSeconds === undefined ? Number.NaN : (note.etaSeconds - left) / left;
        errors[at]?.push(Math.abs(error));
        return `${note?.etaSeconds?.toFixed(0) ?? 'none'} of ${left.toFixed(0)} (${(100 * error).toFixed(0)} %)`;
      });
      rows.push([String(round), ((endMs - startMs) / 1000).toFixed(0), ...texts]);
    }
  } finally {
    await media.close();
  }
  return {
    head: ['round', 'batch, s', ...SHARES.map((share) => `ETA at ${100 * share} %, s, of truth`)],
    rows,
    ratios: SHARES.map((share, at) => ({
      what: `error of the ETA at ${100 * share} %`,
      values: errors[at] ?? [],
      aim: { atMost: AIM },
    })),
    notes: [
      'A share is one of all audio, once transcribed. Half of the lengths are said beforehand, as by a feed; the order is random but the same each time. The engine takes time and hears tones.',
    ],
  };
}

async function watchBatch(
  media: MediaServer,
  folder: string,
): Promise<{ noted: Noted[]; startMs: number; endMs: number }> {
  const env = { ...(await prepareFakeEngine(folder)), ...ENGINE, WHISPER_WORKERS: String(WORKERS) };
  const stack = await startServiceStack({ ...env, DOWNLOAD_ALLOW_HOSTS: media.host, MIN_CHUNK_SECONDS: '10' }, [
    'downloader',
    'summarizer',
    'caretaker',
  ]);
  const noted: Noted[] = [];
  try {
    for (let replica = 0; replica < REPLICAS; replica++) await stack.start('transcriber-whisper');
    const startMs = Date.now();
    for (let index = 0; index < EPISODES; index++) {
      // Seven has no factor in common with ten: long and short ones mixed.
      const which = (7 * index) % LENGTHS.length;
      await publishEpisode(stack.client, {
        id: `eta-${index}`,
        url: media.url(`/${which}.wav?${index}`),
        ...(index % 2 === 0 ? { seconds: LENGTHS[which] ?? 1 } : {}),
        options: { chunkSeconds: CHUNK_SECONDS, language: 'en' },
      });
    }
    const report = (batch: Batch): WatchReport => {
      const note = (): void => {
        const { stages, etaSeconds } = batch.totals(Date.now());
        const { secondsDone, secondsLeft } = stages.transcribe;
        for (const share of SHARES) {
          if (secondsDone < share * (secondsDone + secondsLeft) || noted.some((one) => one.share === share)) continue;
          noted.push({ share, atMs: Date.now(), etaSeconds });
        }
      };
      return { changed: note, progress: () => undefined, caughtUp: note, tick: () => undefined, end: () => undefined };
    };
    const batch = await watchEpisodes(stack.client, {}, { report, signal: AbortSignal.timeout(LIMIT_MS) });
    if (!batch.over) throw new Error('The batch was not finished in time.');
    const failed = batch.episodes().find(({ status }) => status !== 'done');
    if (failed) throw new Error(`Episode ${failed.episodeId} has ${failed.status}: ${failed.errors.join(' ')}`);
    return { noted, startMs, endMs: Date.now() };
  } finally {
    await stack.stop();
  }
}
