import type { InputSegment, TranscriptInput } from '../../../apps/summarizer/src/transcript-input.ts';

/** Words a minute of brisk talk: 30,000 words in three hours. */
const WORDS_PER_MINUTE = 167;
const WORDS_PER_SEGMENT = 14;
const WORDS_PER_SENTENCE = 12;
/** Words of the general vocabulary, and of each topic's own. */
const GENERAL = 8000;
const TOPICAL = 120;
const MINUTES_PER_TOPIC = 9;

const FUNCTION_WORDS =
  'the of and to a in that it is was i for on you he be with as by at have are this not but had his they from she which or we an there her were one do been all their has would will what if so no when who them could can more some about then out up into time now only like'.split(
    ' ',
  );

/**
 * A transcript of any length that behaves like talk where time and memory are measured: function words, a general
 * vocabulary with Zipf's frequencies, and a topic that changes every nine minutes. It reads as nonsense. Always the same.
 */
export function longTranscript(hours: number): TranscriptInput {
  const random = generator(7);
  const total = Math.round(hours * 60 * WORDS_PER_MINUTE);
  const secondsPerWord = 60 / WORDS_PER_MINUTE;
  const segments: InputSegment[] = [];
  let words: string[] = [];
  let first = true;
  for (let i = 0; i < total; i++) {
    const topic = Math.floor((i * secondsPerWord) / 60 / MINUTES_PER_TOPIC);
    const ends = random() < 1 / WORDS_PER_SENTENCE;
    const word = pickWord(random, topic);
    words.push((first ? word.replace(/^./, (letter) => letter.toUpperCase()) : word) + (ends ? '.' : ''));
    first = ends;
    if (words.length === WORDS_PER_SEGMENT || i === total - 1) {
      const end = (i + 1) * secondsPerWord;
      segments.push({ start: ms(end - words.length * secondsPerWord), end: ms(end), text: words.join(' ') });
      words = [];
    }
  }
  return { title: 'A long talk', language: 'en', seconds: ms(total * secondsPerWord), segments };
}

const ms = (seconds: number): number => Math.round(seconds * 1000) / 1000;

function pickWord(random: () => number, topic: number): string {
  const kind = random();
  if (kind < 0.55) return FUNCTION_WORDS[zipf(random, FUNCTION_WORDS.length)]!;
  if (kind < 0.75) return spell(GENERAL + topic * TOPICAL + zipf(random, TOPICAL));
  return spell(zipf(random, GENERAL));
}

/** A rank from 0 to n - 1, its chance inverse to the rank. */
const zipf = (random: () => number, n: number): number => Math.min(n - 1, Math.floor((n + 1) ** random()) - 1);

const SYLLABLES = [
  'ba',
  'ten',
  'mor',
  'li',
  'sa',
  'ku',
  'del',
  'fi',
  'ro',
  'pan',
  'vi',
  'gu',
  'hel',
  'no',
  'tra',
  'zi',
];

function spell(number: number): string {
  let word = '';
  for (let rest = number + 16; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    word += SYLLABLES[rest % SYLLABLES.length];
  return word;
}

/** Mulberry32: small, and the same on every machine. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
