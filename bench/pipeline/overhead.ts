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
  for (let round = 1; round <= repetitions; round++) {
    const bare = await bareEngines(chunks, 1);
    const env = { WHISPER_WORKERS: '1', WHISPER_THREADS: '1' };
    const whole = await withSpeechStack(
      episode,
      ['downloader', 'transcriber-whisper', 'summarizer'],
      env,
      (stack, url) => timedEpisode(stack, { id: 'whole', url, options: { language: 'en' } }, LIMIT_MS),
    );
    ratios.push(whole.seconds / bare);
    transcribing.push(whole.transcribeSeconds / bare);
    rows.push([String(round), bare.toFixed(1), whole.seconds.toFixed(1), whole.transcribeSeconds.toFixed(1)]);
  }
  return {
    head: ['round', 'bare loop, s', 'published to transcript, s', 'of that transcribing, s'],
    rows,
    ratios: [
      { what: 'whole pipeline / bare loop', values: ratios, aim: { atMost: 1.05 } },
      { what: 'transcribe stage / bare loop', values: transcribing },
    ],
    notes: [
      `${chunks.length} chunks of the sample episode (synthetic speech), tiny.en-q8_0. The bare loop sends the same FLAC files to one whisper-server, one after another.`,
    ],
  };
}
