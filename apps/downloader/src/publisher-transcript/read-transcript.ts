import { cleanText } from '#shared/transcription/clean-text';
import type { Cue } from './cue.ts';
import { readJsonTranscript } from './read-json.ts';
import { readSubtitles } from './read-subtitles.ts';
import { readHtml, readText } from './read-text.ts';

/** Reads a transcript by what it is, since types are often wrong: JSON, WebVTT or SRT, HTML, plain text. */
export function readTranscript(text: string): Cue[] {
  const start = text.slice(0, 2000).trimStart();
  if (/^[[{]/.test(start)) {
    const cues = readJsonTranscript(text.trimStart());
    if (cues !== undefined) return withText(cues);
  }
  if (/^WEBVTT\b/.test(start) || /\d\s*-->\s*\d/.test(text)) return withText(readSubtitles(text));
  if (/^<(!doctype|html|[a-z]+\b[^>]*>)/i.test(start)) return withText(readHtml(text));
  return withText(readText(text));
}

/** A time that stands alone is that of the text behind it. */
function withText(cues: readonly Cue[]): Cue[] {
  const kept: Cue[] = [];
  let waiting: number | undefined;
  for (const cue of cues) {
    if (cleanText(cue.text) === '') {
      waiting = cue.start ?? waiting;
      continue;
    }
    kept.push(cue.start === undefined && waiting !== undefined ? { ...cue, start: waiting } : cue);
    waiting = undefined;
  }
  return kept;
}
