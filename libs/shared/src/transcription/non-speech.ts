const NOTES = /[♩-♯\u{1F3B5}\u{1F3B6}]/gu;
const OPENING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '*': '*' };

/** Longest description of a sound, in words; what opens a bracket and does not close it by then was said. */
const LONGEST_MARKER = 12;

/** What engines put in round brackets for a sound. Other words in round brackets inside a sentence were said. */
const SOUND =
  /music|applau|laugh|chuckl|giggl|sigh|cough|clap|cheer|nois|static|silen|blank|audio|ring|beep|bell|jingle|sound|sing|humm|inaudible|unintelligible|indistinct|foreign|crowd|gasp|groan|scream|whoosh|thud|buzz|snor|breath|throat|instrumental|theme|crying|sob|sniff|bark|chirp|engine|thunder/i;

/** Markers that admit that something was said, or deny any sound: they explain no missing text. */
const EXPLAINS_NOTHING = /inaudible|unintelligible|indistinct|foreign|speak|talk|voice|blank|silence|no audio|^\W*$/i;

/** A word of an engine's answer, and the index of the segment it stands in. */
export interface PlacedWord {
  word: string;
  segment: number;
}

/**
 * Which words nobody said: descriptions of sounds such as "[BLANK_AUDIO]", "(upbeat music)", "*laughs*", and notes.
 * A description may run over a segment's end, since whisper.cpp breaks its segments at a length.
 */
export function nonSpeechWords(words: readonly PlacedWord[]): boolean[] {
  const marks = words.map(({ word }) => word.replace(NOTES, '').trim() === '');
  for (let at = 0; at < words.length; at++) {
    const last = marks[at] ? undefined : markerEnd(words, at);
    if (last === undefined) continue;
    marks.fill(true, at, last + 1);
    at = last;
  }
  return marks;
}

/** Whether a description of a sound explains why there is no speech: "[MUSIC]" does, "[INAUDIBLE]" does not. */
export function explainsSilence(marker: string): boolean {
  return !EXPLAINS_NOTHING.test(marker);
}

/** Notes around lyrics are not part of the words. */
export function withoutNotes(word: string): string {
  return word.replace(NOTES, '');
}

/** @returns index of the marker's last word where one begins at `at`. */
function markerEnd(words: readonly PlacedWord[], at: number): number | undefined {
  const first = words[at]?.word ?? '';
  const opening = first[0] ?? '';
  const closing = OPENING[opening];
  if (closing === undefined) return undefined;
  for (let last = at; last < Math.min(words.length, at + LONGEST_MARKER); last++) {
    const rest = last === at ? first.slice(1) : (words[last]?.word ?? '');
    const position = rest.indexOf(closing);
    if (position === -1) continue;
    // "[sic]kness" and "(s)he" are words.
    if (/[\p{L}\p{N}]/u.test(rest.slice(position + 1))) return undefined;
    return isMarker(words, at, last, opening) ? last : undefined;
  }
  return undefined;
}

function isMarker(words: readonly PlacedWord[], first: number, last: number, opening: string): boolean {
  const text = words
    .slice(first, last + 1)
    .map(({ word }) => word)
    .join(' ');
  if (!/[\p{L}\p{N}]/u.test(text)) return true;
  if (opening === '[' || SOUND.test(text)) return true;
  const startsSegment = words[first - 1]?.segment !== words[first]?.segment;
  const endsSegment = words[last + 1]?.segment !== words[last]?.segment;
  return opening === '(' && startsSegment && endsSegment && last - first < 6;
}
