import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type Written = 'written' | 'unchanged' | 'replaced' | 'kept';

/**
 * Writes a file whole or not at all, and never over another one unless told to.
 * @returns `kept` where there is one with other bytes, which stays.
 */
export async function writeNewFile(path: string, bytes: Uint8Array, replace: boolean): Promise<Written> {
  const known = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (known?.equals(bytes)) return 'unchanged';
  if (known !== undefined && !replace) return 'kept';
  await mkdir(dirname(path), { recursive: true });
  const part = join(dirname(path), `.${randomUUID()}.part`);
  try {
    await writeFile(part, bytes, { flag: 'wx' });
    if (known !== undefined) {
      await rename(part, path);
      return 'replaced';
    }
    // A link fails where the file has come into being meanwhile; a rename would not.
    await link(part, path);
    return 'written';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'kept';
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}
