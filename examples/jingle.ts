/** One note of a jingle: when it sounds (seconds from the start) and how high (hertz). */
interface Note {
  at: number;
  hertz: number;
}

const PEAK = 0.1;
const DECAY_PER_SECOND = 2.4;
const ATTACK_SECONDS = 0.02;

/** C major upwards, as a greeting. */
export const OPENING: readonly Note[] = [
  { at: 0, hertz: 523.25 },
  { at: 0.3, hertz: 659.26 },
  { at: 0.6, hertz: 783.99 },
  { at: 0.9, hertz: 1046.5 },
];

/** The same way down again. */
export const CLOSING: readonly Note[] = [
  { at: 0, hertz: 783.99 },
  { at: 0.3, hertz: 659.26 },
  { at: 0.6, hertz: 523.25 },
  { at: 1.1, hertz: 261.63 },
];

/** The notes as an ffmpeg lavfi source of so many seconds: sine tones that ring out like a small bell. */
export function jingle(notes: readonly Note[], seconds: number, sampleRate: number): string {
  const tones = notes.map(({ at, hertz }) => {
    const since = `max(0,t-${at})`;
    return `${PEAK}*sin(2*PI*${hertz}*${since})*min(1,${since}/${ATTACK_SECONDS})*exp(-${DECAY_PER_SECOND}*${since})`;
  });
  return `aevalsrc='${tones.join('+')}':s=${sampleRate}:d=${seconds}`;
}
