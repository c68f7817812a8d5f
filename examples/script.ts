import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** The programme as it is written down; `pause` is the silence after a turn, in seconds. */
const scriptSchema = z.strictObject({
  show: z.string(),
  showDescription: z.string(),
  title: z.string(),
  description: z.string(),
  author: z.string(),
  date: z.iso.datetime(),
  turns: z.array(
    z.strictObject({
      speaker: z.enum(['Anna', 'Martin']),
      text: z.string(),
      pause: z.number().nonnegative().optional(),
    }),
  ),
});

export type Script = z.infer<typeof scriptSchema>;
export type Speaker = Script['turns'][number]['speaker'];

/** Reads and checks a script; throws where it isn't one. */
export async function readScript(file: string): Promise<Script> {
  return scriptSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

/** What is spoken, in order, one paragraph a turn. */
export function referenceOf({ turns }: Script): string {
  return `${turns.map(({ text }) => text).join('\n\n')}\n`;
}
