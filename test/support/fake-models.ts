import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { whisperServerBinary } from './whisper-server.ts';

/** Name of the model only the fake engine has. */
export const FAKE_MODEL = 'fake';
export const REAL_MODEL = 'tiny.en-q8_0';

/**
 * A folder with a whisper-server that is fake for the model `fake` and real for the others, so that the service under
 * test is the one that is shipped. @returns the variables a transcriber needs to find both.
 */
export async function prepareFakeEngine(folder: string): Promise<Record<string, string>> {
  const models = join(folder, 'models');
  await mkdir(models, { recursive: true });
  await writeFile(join(models, `ggml-${FAKE_MODEL}.bin`), 'no model');
  await symlink(join(findPaths().models, `ggml-${REAL_MODEL}.bin`), join(models, `ggml-${REAL_MODEL}.bin`));
  const fake = join(import.meta.dirname, `fake-whisper-server${extname(import.meta.filename)}`);
  const binary = join(folder, 'whisper-server');
  await writeFile(
    binary,
    [
      '#!/bin/sh',
      `case "$*" in *ggml-${FAKE_MODEL}.bin*) exec "${process.execPath}" --disable-warning=ExperimentalWarning "${fake}" "$@";; esac`,
      `exec "${whisperServerBinary()}" "$@"`,
      '',
    ].join('\n'),
  );
  await chmod(binary, 0o755);
  return {
    PODLINE_WHISPER_SERVER: binary,
    WHISPER_MODELS_DIR: models,
    WHISPER_MODEL: FAKE_MODEL,
    WHISPER_MODELS: `${FAKE_MODEL},${REAL_MODEL}`,
    WHISPER_THREADS: '1',
  };
}
