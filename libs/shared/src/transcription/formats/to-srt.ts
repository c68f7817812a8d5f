import type { Transcript } from '#shared/contracts/transcript';
import { subtitleTime } from './clock.ts';
import { cuesOf } from './cues.ts';

/** The transcript as SubRip subtitles (UTF-8, LF). The format has no escapes, so an arrow in the text is made one sign. */
export function toSrt({ segments }: Pick<Transcript, 'segments'>): string {
  return cuesOf(segments)
    .map(({ start, end, lines }, index) => {
      const text = lines.map((line) => line.replaceAll('-->', '→')).join('\n');
      return `${index + 1}\n${subtitleTime(start, ',')} --> ${subtitleTime(end, ',')}\n${text}\n`;
    })
    .join('\n');
}
