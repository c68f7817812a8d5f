import { decodeHTML } from 'entities';
import { cleanText } from '#shared/transcription/clean-text';
import { splitSentences } from '#shared/transcription/split-sentences';
import { joinWords, splitWords } from '#shared/transcription/words';
import { type Cue, readClock } from './cue.ts';

/** A time at the beginning of a line, with or without brackets and a speaker before it: `[1:02:03]`, `Ann (02:03):`. */
const STAMP =
  /^\s*(?:[\p{Lu}][\p{L}.' -]{0,40}?[\s:,-]*)?[[(]?((?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?)[\])]?[\s:–-]*/u;

/** Plain text: a paragraph a line; a time at the beginning of one says when it is said. */
export function readText(text: string): Cue[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    const stamp = STAMP.exec(line);
    const said = cleanText(stamp === null ? line : line.slice(stamp[0].length));
    const start = stamp === null ? undefined : readClock(stamp[1] ?? '');
    if (said === '') return start === undefined ? [] : [{ start, text: '' }];
    return splitSentences(splitWords(said)).map((words, index) => ({
      start: index === 0 ? start : undefined,
      text: joinWords(words),
    }));
  });
}

/** HTML as podcast hosts write it: `<cite>` the speaker, `<time>` when, `<p>` what; any other page as its text. */
export function readHtml(html: string): Cue[] {
  const text = html
    .replace(/\s+/g, ' ')
    .replace(/<!--.*?-->|<(script|style|head|nav|header|footer|cite|svg)\b.*?<\/\1\s*>/gi, ' ')
    .replace(/<time[^>]{0,200}>\s*([\d:.,]{1,20})\s*<\/time>/gi, '\n[$1] ')
    .replace(/<\/?(p|div|br|li|h\d|section|tr|blockquote)\b[^>]*>/gi, '\n')
    .replace(/<[^<>]{0,2000}>/g, ' ');
  return readText(decodeHTML(text));
}
