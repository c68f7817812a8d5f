import { whisperConfigSchema } from '#shared/config/transcriber';
import { ProgressReporter } from '#shared/jetstream/progress';
import { childMetrics } from '#shared/observability/child-metrics';
import { runService } from '#shared/service/run-service';
import { chunkMetrics } from '#shared/transcription/chunk-metrics';
import { EpisodeLanguages } from '#shared/transcription/episode-language/episode-languages';
import { incompletePolicy, jobCeilingMs } from '#shared/transcription/transcribe-chunk';
import { EnginePlaces } from './engine-places.ts';
import { engineCountMetrics, engineMetrics } from './engine-metrics.ts';
import { findModel } from './model-file.ts';
import { availableResources, poolSize } from './pool-size.ts';
import { TranscriberWhisperModule } from './transcriber-whisper.module.ts';
import { WhisperEngine } from './whisper-engine.ts';
import { WhisperListener } from './whisper-listener.ts';
import { WhisperPool } from './whisper-pool.ts';

await runService({
  name: 'transcriber-whisper',
  queue: 'transcribe-whisper',
  schema: whisperConfigSchema,
  prepare: async ({ config, log, registry }) => {
    const model = await findModel(config.WHISPER_MODELS_DIR, config.WHISPER_MODEL);
    const wanted = { workers: config.WHISPER_WORKERS, threads: config.WHISPER_THREADS };
    const { workers, threads, warning } = poolSize(wanted, availableResources(), model.bytes);
    if (warning !== undefined) log.warn({ workers, threads }, warning);
    const pool = new WhisperPool({
      binary: config.PODLINE_WHISPER_SERVER,
      workers,
      threads,
      modelFile: async (name) => (await findModel(config.WHISPER_MODELS_DIR, name)).path,
      observer: engineMetrics(registry),
      log,
    });
    engineCountMetrics(registry, pool);
    childMetrics(registry);
    await pool.load(config.WHISPER_MODEL);
    return { pool, places: new EnginePlaces(pool.size) };
  },
  jobs: (config, { pool, places }) => ({
    slots: pool.size,
    ahead: pool.size,
    intake: places,
    maxAckPending: config.WHISPER_MAX_ACK_PENDING,
    ceilingMs: jobCeilingMs(config),
  }),
  module: (runtime, { pool, places }) =>
    TranscriberWhisperModule.with({
      runtime,
      engine: new WhisperEngine(pool),
      places,
      languages: new EpisodeLanguages(runtime, new WhisperListener(pool, runtime.config)),
      progress: new ProgressReporter(runtime.connection),
      timeout: {
        perSecond: runtime.config.CHUNK_TIMEOUT_PER_SECOND,
        constantSeconds: runtime.config.CHUNK_TIMEOUT_CONSTANT_SECONDS,
      },
      incomplete: incompletePolicy(runtime.config, 'openai'),
      observe: chunkMetrics(runtime.registry, 'whisper'),
    }),
  checks: ({ pool }) => ({ engine: () => pool.ready }),
  close: ({ pool }) => pool.stop(),
});
