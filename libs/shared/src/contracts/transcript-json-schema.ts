import { z } from 'zod';
import { transcriptSchema } from './transcript.ts';

/** `docs/transcript.schema.json`: what `<id>/transcript.json` looks like, for programs in any language that read it. */
export function transcriptJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(transcriptSchema);
  const about = {
    title: 'podline transcript',
    description: 'An episode’s transcript, as `podline get <id> --format json` prints it; times in seconds.',
  };
  return `${JSON.stringify({ $schema, ...about, ...rest }, undefined, 2)}\n`;
}
