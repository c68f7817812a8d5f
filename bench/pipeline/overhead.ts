import type { Bench, BenchResult } from '../suite/bench.ts';
import { MINUTE } from '#shared/config/defaults';
import { bareEngines, cutByDownloader } from './bare-engines.ts';
import { withSpeechStack } from './speech-stack.ts';
import { speechEpisode } from './speech-episode.ts';
import { timedEpisode } from './timed-episode.ts';
import { withFolder } from './with-folder.ts';

const MINUTES = 30;
const LIMIT_MS = 20 * MINUTE;

/** What the pipeline costs beside the engine: NATS, cutting, storing, merging, checking. */
export const overhead: Bench = {
  name: 'overhead',
  title: `Pipeline overhead: ${MINUTES} minutes of speech, one worker of one thread`,
  run: (repetitions) => withFolder((folder) => compare(folder, repetitions)),
};

async function compare(folder: string, repetitions: number): Promise<BenchResult> {
  const episode = await speechEpisode(folder, MINUTES);
  const chunks = await cutByDownloader(episode);
  const rows: string[][] = [];
  const ratios: number[] = [];
  const transcribing: number[] = [];
  const engine: number[] = [];
  let before = await bareEngines(chunks, 1);
  for (let round = 1; round <= repetitions; round++) {
    const env = { WHISPER_WORKERS: '1', WHISPER_THREADS: '1' };
    const whole = await withSpeechStack(
      episode,
      ['downloader', 'transcriber-whisper', 'summarizer'],
      env,
      (stack, url) => timedEpisode(stack, { id: 'whole', url, options: { language: 'en' } }, LIMIT_MS),
    );
    // On both sides of the episode: the host of a virtual machine may be a fifth faster a minute later.
    const after = await bareEngines(chunks, 1);
    const bare = (before + after) / 2;
    before = after;
    ratios.push(whole.seconds / bare);
    transcribing.push(whole.transcribeSeconds / bare);
    engine.push(whole.seconds / whole.engineSeconds);
    const seconds = [bare, whole.seconds, whole.transcribeSeconds, whole.engineSeconds];
    rows.push([String(round), ...seconds.map((value) => value.toFixed(1))]);
  }
  return {
    head: ['round', 'bare loop, s', 'published to transcript, s', 'of that transcribing, s', 'of that the engine, s'],
    rows,
    ratios: [
      { what: 'whole pipeline / bare loop', values: ratios, aim: { atMost: 1.05 } },
      { what: 'transcribe stage / bare loop', values: transcribing },
      { what: 'whole pipeline / what its engine took in the same run', values: engine },
    ],
    notes: [
      `${chunks.length} chunks of the sample episode (synthetic speech), tiny.en-q8_0. The bare loop sends the same FLAC files to one whisper-server, one after another, before and after each episode: the mean of both is compared.`,
    ],
  };
}
