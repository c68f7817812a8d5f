import { deflateSync } from 'node:zlib';
import type { Segment } from '#shared/contracts/chunk-transcript';
import { bareWord, splitWords } from './words.ts';

/**
 * Text that packs better than this repeats itself: `compression_ratio_threshold` of OpenAI's whisper (transcribe.py),
 * which computes it as bytes of UTF-8 / bytes of zlib (utils.py) over windows of 30 s.
 */
const MAX_COMPRESSION_RATIO = 2.4;

/** The window whisper decodes at once, in seconds: the ratio of longer text rises by itself. */
const WINDOW = 30;

/** A phrase said this often in a row is a loop, if the repetition is also this long in words: people say "no" ten times. */
const REPEATS = 5;
const REPEATED_WORDS = 15;
/** Longest phrase looked for, in words. */
const LONGEST_PHRASE = 30;

/** A stretch in which an engine repeats itself; times in seconds. */
export interface Loop {
  start: number;
  end: number;
  message: string;
}

/** Where an engine got stuck: a phrase over and over, or text that packs too well. */
export function findLoops(segments: readonly Segment[]): Loop[] {
  const spoken = segments.filter(({ nonSpeech }) => !nonSpeech);
  const phrase = repeatedPhrase(spoken);
  return phrase ? [phrase] : packedWindows(spoken);
}

/** Bytes of a text divided by its packed bytes; 0 for no text. */
export function compressionRatio(text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length === 0 ? 0 : bytes.length / deflateSync(bytes).length;
}

function packedWindows(segments: readonly Segment[]): Loop[] {
  const loops: Loop[] = [];
  for (let at = 0; at < segments.length;) {
    const start = segments[at]?.start ?? 0;
    let next = at + 1;
    while (next < segments.length && (segments[next]?.end ?? 0) - start <= WINDOW) next++;
    const window = segments.slice(at, next);
    const ratio = compressionRatio(window.map(({ text }) => text).join(' '));
    if (ratio > MAX_COMPRESSION_RATIO) {
      const message = `text packs ${ratio.toFixed(1)} times, more than ${MAX_COMPRESSION_RATIO}: it repeats itself`;
      loops.push({ start, end: window.at(-1)?.end ?? start, message });
    }
    at = next;
  }
  return loops;
}

interface TimedWord {
  word: string;
  start: number;
  end: number;
}

/** The longest run in which each word equals the one a phrase earlier. */
function repeatedPhrase(segments: readonly Segment[]): Loop | undefined {
  const words = segments.flatMap(({ text, start, end }): TimedWord[] =>
    splitWords(text).map((word) => ({ word: bareWord(word), start, end })),
  );
  let worst: { from: number; to: number; phrase: number } | undefined;
  for (let phrase = 1; phrase <= LONGEST_PHRASE; phrase++) {
    let from = 0;
    for (let at = phrase; at <= words.length; at++) {
      if (at < words.length && words[at]?.word === words[at - phrase]?.word) continue;
      const length = at - from;
      const isLoop = length >= phrase * REPEATS && length >= REPEATED_WORDS;
      if (isLoop && (!worst || length > worst.to - worst.from)) worst = { from, to: at, phrase };
      from = at - phrase + 1;
    }
  }
  if (!worst) return undefined;
  const { from, to, phrase } = worst;
  const said = words.slice(from, from + phrase).map(({ word }) => word);
  const times = Math.floor((to - from) / phrase);
  const message = `"${said.join(' ').slice(0, 60)}" is repeated ${times} times`;
  return { start: words[from]?.start ?? 0, end: words[to - 1]?.end ?? 0, message };
}
