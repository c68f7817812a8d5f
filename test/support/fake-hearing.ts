import { createHash } from 'node:crypto';

/** Seconds between two words of the fake engine: ten columns in 0.6 s fill their time as speech does. */
const WORD_SECONDS = 0.6;
const WORDS_A_SENTENCE = 8;

export interface HeardAudio {
  /** SHA-256 of the file, in hexadecimal. */
  sha256: string;
  seconds: number;
}

/** What the fake engine knows of a FLAC file: its bytes, and its length by the STREAMINFO block (RFC 9639, 8.2). */
export function hearFlac(flac: Buffer): HeardAudio {
  const sampleRate = flac.readUIntBE(18, 3) >> 4;
  const samples = flac.readUInt32BE(22);
  return { sha256: createHash('sha256').update(flac).digest('hex'), seconds: samples / sampleRate };
}

/** The FLAC file in a multipart body. */
export function flacOf(body: Buffer, contentType: string): Buffer | undefined {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1];
  const start = body.indexOf('fLaC');
  const end = boundary === undefined ? -1 : body.indexOf(`\r\n--${boundary}`, start);
  return start < 0 || end < 0 ? undefined : body.subarray(start, end);
}

/** The words the fake engine hears in these bytes: no two chunks, and no two places, share one. */
export function fakeWords(sha256: string, seconds: number): string[] {
  const count = Math.max(1, Math.floor(seconds / WORD_SECONDS));
  return Array.from({ length: count }, (_, index) => wordOf(sha256, index));
}

/** Random-looking, since text that packs well counts as a loop. */
function wordOf(sha256: string, index: number): string {
  return `w${createHash('sha256').update(`${sha256}.${index}`).digest('hex').slice(0, 10)}`;
}

/** What whisper-server would answer where it is asked for the language alone. */
export const FAKE_LANGUAGE = { text: '', language: 'english', detected_language_probability: 0.99 };

/** What whisper-server would answer (verbose_json), with these words. */
export function fakeAnswer(sha256: string, seconds: number) {
  const words = fakeWords(sha256, seconds).map((text, index) => ({
    word: ` ${text}${(index + 1) % WORDS_A_SENTENCE === 0 ? '.' : ''}`,
    start: index * WORD_SECONDS,
    end: Math.min(seconds, (index + 1) * WORD_SECONDS),
    probability: 0.9,
  }));
  const sentences = Array.from({ length: Math.ceil(words.length / WORDS_A_SENTENCE) }, (_, index) =>
    words.slice(index * WORDS_A_SENTENCE, (index + 1) * WORDS_A_SENTENCE),
  );
  return {
    task: 'transcribe',
    language: 'english',
    duration: seconds,
    text: words.map(({ word }) => word).join(''),
    segments: sentences.map((sentence, id) => ({
      id,
      text: sentence.map(({ word }) => word).join(''),
      start: sentence[0]?.start ?? 0,
      end: sentence.at(-1)?.end ?? seconds,
      words: sentence,
      temperature: 0,
      avg_logprob: -0.2,
      no_speech_prob: 0.01,
    })),
  };
}
