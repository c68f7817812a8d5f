import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { transcriptKey } from '#shared/contracts/artifact-keys';
import { TRANSCRIPTION_PROVIDERS } from '#shared/contracts/names';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../open-session.ts';
import { oneOf, wholeNumber } from '../option-values.ts';
import { findPaths } from '../paths.ts';
import { publishEpisode } from '../publish-episode.ts';
import { uploaded } from '../source/episode-source.ts';
import { resolveSource } from '../source/resolve-source.ts';
import { watchEpisode } from '../watch-episodes.ts';
import { MAX_RESULT_BYTES } from '../write-results.ts';

export interface VerifyOptions {
  provider: string;
  /** Seconds. */
  timeout: string;
}

const requirementsSchema = z.object({ check: z.object({ clip: z.string(), words: z.array(z.string()).min(1) }) });

/** `podline verify`: sends a clip of known words through the running podline and looks for them in the transcript. */
export async function verify(options: VerifyOptions): Promise<number> {
  const provider = oneOf('--provider', options.provider, TRANSCRIPTION_PROVIDERS) ?? 'whisper';
  const signal = AbortSignal.timeout(wholeNumber('--timeout', options.timeout) * 1000);
  const { root } = findPaths();
  const text = await readFile(join(root, 'scripts', 'setup', 'requirements.json'), 'utf8');
  const { clip, words } = requirementsSchema.parse(JSON.parse(text)).check;
  const client = await openSession();
  try {
    const [source] = await resolveSource(join(root, clip), 1, client.audio);
    const episode = source && (await uploaded(source));
    if (!episode) return EXIT.failed;
    // Of its own each time: a transcript that is there already would prove nothing.
    const id = await publishEpisode(client, { ...episode, id: `verify-${Date.now()}`, options: { provider } });
    const state = await watchEpisode(client, id, process.stdout, signal);
    if (state?.status !== 'done') {
      console.error(
        state ? `Episode ${id} has ${state.status}.` : `Episode ${id} was not done in ${options.timeout} s.`,
      );
      return EXIT.failed;
    }
    const bytes = await client.results.read(transcriptKey(id, 'txt'), { maxBytes: MAX_RESULT_BYTES });
    return report(Buffer.from(bytes ?? '').toString('utf8'), words);
  } finally {
    await client.close();
  }
}

function report(transcript: string, words: readonly string[]): number {
  const heard = new Set(transcript.toLowerCase().match(/[a-z]+/g));
  const missing = words.filter((word) => !heard.has(word));
  console.log(transcript.trim());
  if (missing.length > 0) {
    console.error(`The transcript lacks ${missing.join(', ')}.`);
    return EXIT.failed;
  }
  console.log(`podline works: the transcript has all of ${words.join(', ')}.`);
  return EXIT.done;
}
