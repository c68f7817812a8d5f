/** Seconds between two words of the fake engine: ten columns in 0.6 s fill their time as speech does. */
const WORD_SECONDS = 0.6;
const WORDS_A_SENTENCE = 8;

export interface FlacFingerprint {
  /** MD5 of the samples as s16le, in hexadecimal: FLAC carries it, so nothing has to be decoded. */
  md5: string;
  seconds: number;
}

/** Reads the STREAMINFO block of the FLAC file somewhere in these bytes (RFC 9639, 8.2). */
export function flacFingerprint(bytes: Buffer): FlacFingerprint | undefined {
  const start = bytes.indexOf('fLaC');
  if (start < 0 || bytes.length < start + 42) return undefined;
  const info = bytes.subarray(start + 8);
  const sampleRate = info.readUIntBE(10, 3) >> 4;
  const samples = info.readUInt32BE(14);
  return { md5: info.subarray(18, 34).toString('hex'), seconds: samples / sampleRate };
}

/** The words the fake engine hears in audio with this fingerprint: no two chunks, and no two places, share one. */
export function fakeWords(md5: string, seconds: number): string[] {
  const count = Math.max(1, Math.floor(seconds / WORD_SECONDS));
  return Array.from({ length: count }, (_, index) => `w${md5.slice(0, 10)}x${index}`);
}

/** What whisper-server would answer (verbose_json), with these words. */
export function fakeAnswer(md5: string, seconds: number) {
  const words = fakeWords(md5, seconds).map((text, index) => ({
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
