import { join } from 'node:path';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { WhisperPool } from '../../apps/transcriber-whisper/src/whisper-pool.ts';
import { whisperServerBinary } from '../../test/support/whisper-server.ts';
import { SILENT } from '#shared/observability/log';

/** The model whose transcripts are judged: the embedded one. */
export const MODEL = 'tiny.en-q8_0';

/** One engine with one thread, so that every run hears the same; stop it in the end. */
export function evalPool(): WhisperPool {
  const { models } = findPaths();
  return new WhisperPool({
    binary: whisperServerBinary(),
    workers: 1,
    threads: 1,
    modelFile: async (name) => join(models, `ggml-${name}.bin`),
    log: SILENT,
  });
}
