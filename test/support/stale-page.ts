import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const SHOWN = 60;

const shortRules = (text: string): string => text.replaceAll(/-{3,}/g, '---');

/** What Prettier does to a page: it pads tables. */
export const unpadded = (text: string): string => shortRules(text.replaceAll(/ +\|/g, ' |'));

/** What it does to a page with long lines or JSON: it also breaks them its own way. */
export const squeezed = (text: string): string => shortRules(text.replaceAll(/\s+/g, ''));

/**
 * Where a stored file first differs from what the code makes; undefined where it doesn't.
 * @param path from the root. @param plain takes away what may differ; by default nothing may.
 */
export async function stalePage(
  path: string,
  made: string,
  plain: (text: string) => string = (text) => text,
): Promise<string | undefined> {
  const [is, should] = [plain(await readFile(join(ROOT, path), 'utf8')), plain(made)];
  if (is === should) return undefined;
  const at = [...should].findIndex((_, index) => is[index] !== should[index]);
  const from = Math.max(0, (at < 0 ? should.length : at) - 20);
  return `${path} has "${is.slice(from, from + SHOWN)}" for "${should.slice(from, from + SHOWN)}": run npm run docs.`;
}
