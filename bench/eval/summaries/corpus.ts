import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPaths } from '../../../apps/cli/src/paths.ts';
import type { InputSegment, TranscriptInput } from '../../../apps/summarizer/src/transcript-input.ts';

/** A text with the summary a person wrote of it. */
export interface EvaluationText {
  name: string;
  /** Whether the method was tuned on it; the others were looked at once, when tuning was over. */
  tuned: boolean;
  input: TranscriptInput;
  reference: string;
}

/** Pace of the made-up recording, and words of a segment: engines cut anywhere, not at sentences. */
const SECONDS_PER_WORD = 0.4;
const WORDS_PER_SEGMENT = 12;

/** Reads the texts beside this file, named `<name>.<language>.txt`, with `<name>.<language>.reference.txt`. */
export async function readCorpus(): Promise<EvaluationText[]> {
  const texts: EvaluationText[] = [];
  for (const folder of ['tuning', 'held-out']) {
    const base = join(findPaths().root, 'bench', 'eval', 'summaries', folder);
    const files = (await readdir(base)).filter((file) => file.endsWith('.txt') && !file.endsWith('.reference.txt'));
    for (const file of files.toSorted()) {
      const [name = file, language = 'und'] = file.split('.');
      const text = await readFile(join(base, file), 'utf8');
      const reference = await readFile(join(base, file.replace(/txt$/, 'reference.txt')), 'utf8');
      texts.push({ name, tuned: folder === 'tuning', input: asTranscript(text, language), reference });
    }
  }
  return texts;
}

function asTranscript(text: string, language: string): TranscriptInput {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const segments: InputSegment[] = [];
  for (let i = 0; i < words.length; i += WORDS_PER_SEGMENT) {
    const piece = words.slice(i, i + WORDS_PER_SEGMENT);
    segments.push({ start: i * SECONDS_PER_WORD, end: (i + piece.length) * SECONDS_PER_WORD, text: piece.join(' ') });
  }
  return { language, seconds: words.length * SECONDS_PER_WORD, segments };
}
