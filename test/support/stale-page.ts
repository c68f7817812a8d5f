import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const SHOWN = 60;

/** Prettier pads tables and breaks lines and JSON its own way. */
const squeezed = (text: string): string => text.replaceAll(/\s+/g, '').replaceAll(/-{3,}:?/g, '---');

/** Where a stored page first differs from what the code makes; undefined where it doesn't. @param path from the root. */
export async function stalePage(path: string, made: string): Promise<string | undefined> {
  const [is, should] = [squeezed(await readFile(join(ROOT, path), 'utf8')), squeezed(made)];
  if (is === should) return undefined;
  const at = [...should].findIndex((_, index) => is[index] !== should[index]);
  const from = Math.max(0, (at < 0 ? should.length : at) - 20);
  return `${path} has "${is.slice(from, from + SHOWN)}" for "${should.slice(from, from + SHOWN)}": run npm run docs.`;
}
