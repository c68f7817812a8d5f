import type { Transcript } from '#shared/contracts/transcript';

/** The transcript as Podcasting 2.0 JSON, which players read: `podcast:transcript` of type `application/json`. */
export function toPodcastJson({ segments }: Pick<Transcript, 'segments'>): string {
  const entries = segments.map(({ start, end, text }) => ({ startTime: start, endTime: end, body: text }));
  return `${JSON.stringify({ version: '1.0.0', segments: entries })}\n`;
}
