import { decodeHTML } from 'entities';
import { cleanText } from '#shared/transcription/clean-text';
import { type Cue, readClock } from './cue.ts';

const TIMES = /^\s*([\d:.,]{1,20})\s*-->\s*([\d:.,]{1,20})/;

/**
 * SRT and WebVTT alike, and what lies between: commas or points, with or without hours, numbers and blank lines missing.
 * Tags and speakers go, cues that a rolling caption repeats are joined.
 */
export function readSubtitles(text: string): Cue[] {
  const cues: Cue[] = [];
  let open: { start: number | undefined; end: number | undefined; lines: string[] } | undefined;
  const close = (): void => {
    const said = cleanText(spoken(open?.lines ?? []));
    if (open !== undefined && said !== '') add(cues, { start: open.start, end: open.end, text: said });
    open = undefined;
  };
  for (const line of text.split(/\r\n|\r|\n/)) {
    const times = TIMES.exec(line);
    if (times !== null) {
      // The line before the times is the next cue's number, where no blank line stands before it.
      if (/^\d+$/.test(open?.lines.at(-1)?.trim() ?? '')) open?.lines.pop();
      close();
      open = { start: readClock(times[1] ?? ''), end: readClock(times[2] ?? ''), lines: [] };
    } else if (line.trim() === '') close();
    else open?.lines.push(line);
  }
  close();
  return cues;
}

/** `<v Ann>`, `<c.yellow>`, `<00:00:01.000>`, `{\an8}` are not said, and neither is a speaker's name before a colon in capitals. */
function spoken(lines: readonly string[]): string {
  const text = lines.join(' ').replace(/<[^<>]{0,200}>|\{\\[^{}]{0,50}\}/g, ' ');
  return decodeHTML(text).replace(/^\s*(?:>>\s*|-\s+)/, '');
}

/** Captions that scroll show each line twice: what the last cue said is not said again. */
function add(cues: Cue[], cue: Cue): void {
  const last = cues.at(-1);
  const overlaps = last?.end !== undefined && cue.start !== undefined && cue.start <= last.end + 0.1;
  if (last !== undefined && overlaps && cue.text === last.text) last.end = Math.max(last.end ?? 0, cue.end ?? 0);
  else if (last !== undefined && overlaps && last.text.length > 3 && cue.text.startsWith(`${last.text} `)) {
    cues.push({ ...cue, text: cue.text.slice(last.text.length + 1) });
  } else cues.push(cue);
}
