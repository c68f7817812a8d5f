import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from '../setup-error.mjs';
import { sourceEdits } from './source-edits.mjs';

/**
 * Changes whisper.cpp's source in place.
 * @param {string} source folder of whisper.cpp
 * @param {typeof sourceEdits} edits
 * @throws SetupError for a text that is not there exactly once: the source is of another version
 */
export async function editSource(source, edits = sourceEdits) {
  for (const { file, find, put } of edits) {
    const path = join(source, file);
    const parts = (await readFile(path, 'utf8')).split(find);
    if (parts.length !== 2) {
      const wanted = find.trim().split('\n')[0];
      throw new SetupError(
        `${path} has "${wanted}" ${parts.length - 1} times instead of once: scripts/setup/engine/source-edits.mjs is for another version of whisper.cpp.`,
      );
    }
    await writeFile(path, parts.join(put));
  }
}
