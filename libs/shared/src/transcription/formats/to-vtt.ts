import type { Transcript } from '#shared/contracts/transcript';
import { subtitleTime } from './clock.ts';
import { cuesOf } from './cues.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The transcript as WebVTT subtitles; text that looks like markup is escaped, as https://www.w3.org/TR/webvtt1/ asks. */
export function toVtt({ segments }: Pick<Transcript, 'segments'>): string {
  const cues = cuesOf(segments).map(({ start, end, lines }) => {
    const text = lines.map((line) => line.replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign)).join('\n');
    return `\n${subtitleTime(start, '.')} --> ${subtitleTime(end, '.')}\n${text}\n`;
  });
  return `WEBVTT\n${cues.join('')}`;
}
