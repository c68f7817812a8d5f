import type { Transcript } from '#shared/contracts/transcript';

/** The transcript as JSON: fields in the order of the schema, one line, so that equal transcripts are equal bytes. */
export function toJson(transcript: Transcript): string {
  return `${JSON.stringify(transcript)}\n`;
}
