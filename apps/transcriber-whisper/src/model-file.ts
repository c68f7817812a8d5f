import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PermanentError } from '#shared/errors';

/**
 * Path and size of a model by name: `ggml-<name>.bin` in the models folder. The name was checked to be a plain model
 * name when the message was parsed; slashes are refused here, so that it can't leave the folder.
 * @throws PermanentError naming the file that is missing.
 */
export async function findModel(folder: string, name: string): Promise<{ path: string; bytes: number }> {
  const path = join(folder, `ggml-${name}.bin`);
  if (name.includes('/') || name.includes('..'))
    throw new PermanentError('unknown-model', `"${name}" is not the name of a whisper model.`);
  try {
    return { path, bytes: (await stat(path)).size };
  } catch (error) {
    throw new PermanentError(
      'unknown-model',
      `There is no whisper model "${name}": ${path} does not exist. Put the file there, or ask for another model.`,
      { cause: error },
    );
  }
}
