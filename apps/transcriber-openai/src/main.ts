import { openaiTranscriberConfigSchema } from '#shared/config/transcriber';
import { SECOND } from '#shared/config/defaults';
import { transcriptionLimits } from '#shared/config/rate-limit';
import { budgetMetrics } from '#shared/observability/budget-metrics';
import { limiterMetrics, limiterStatusMetrics } from '#shared/observability/limiter-metrics';
import { Budget } from '#shared/rate-limit/budget';
import { endpointKey } from '#shared/rate-limit/endpoint-key';
import { LimitedIntake } from '#shared/rate-limit/limited-intake';
import { RateLimiter } from '#shared/rate-limit/rate-limiter';
import { feedOf } from '#shared/service/feed-of';
import { ProgressReporter } from '#shared/jetstream/progress';
import { runService } from '#shared/service/run-service';
import { chunkMetrics } from '#shared/transcription/chunk-metrics';
import { EpisodeLanguages } from '#shared/transcription/episode-language/episode-languages';
import { incompletePolicy, jobCeilingMs } from '#shared/transcription/transcribe-chunk';
import { TranscriptionClient } from '#shared/transcription/transcription-client';
import { OpenaiEngine } from './openai-engine.ts';
import { slotsFor } from './slots-for.ts';
import { TranscriberOpenaiModule } from './transcriber-openai.module.ts';

await runService({
  name: 'transcriber-openai',
  queue: 'transcribe-openai',
  schema: openaiTranscriberConfigSchema,
  prepare: async ({ config, log, connection, registry, episodes }) => {
    if (config.OPENAI_API_KEY === undefined) log.warn({}, 'OPENAI_API_KEY is not set: no job is taken until it is');
    const client = new TranscriptionClient({ baseURL: config.OPENAI_BASE_URL, apiKey: config.OPENAI_API_KEY });
    const endpoint = endpointKey({ account: config.OPENAI_ACCOUNT, class: 'transcription' });
    const maxWaitMs = config.RATE_LIMIT_WAIT_SECONDS * SECOND;
    const intake = new LimitedIntake();
    const limiter = await RateLimiter.open({
      connection,
      endpoint,
      limits: transcriptionLimits(config),
      replicas: config.STREAM_REPLICAS,
      maxWaitMs,
      observer: { ...limiterMetrics(registry, endpoint), calling: () => intake.ring() },
      log,
    });
    limiterStatusMetrics(registry, endpoint, limiter);
    const budget = await Budget.open({
      connection,
      now: () => limiter.now(),
      observer: budgetMetrics(registry, endpoint),
      onRoom: () => intake.ring(),
      log,
    });
    intake.open(limiter, budget);
    const engine = new OpenaiEngine({ client, limiter, budget, maxWaitMs, feedOf: (id) => feedOf(episodes, id) });
    return { engine, limiter, budget, intake, hasKey: config.OPENAI_API_KEY !== undefined };
  },
  jobs: (config, { hasKey, intake }) => ({
    intake,
    slots: hasKey ? slotsFor(config.OPENAI_TRANSCRIBE_MAX_CONCURRENT) : 0,
    maxAckPending: config.OPENAI_TRANSCRIBE_MAX_ACK_PENDING,
    ceilingMs: jobCeilingMs(config),
  }),
  module: (runtime, { engine }) =>
    TranscriberOpenaiModule.with({
      runtime,
      engine,
      // It tells no languages: a probe would be a request to pay for. What whisper has decided it goes by.
      languages: new EpisodeLanguages(runtime),
      progress: new ProgressReporter(runtime.connection),
      timeout: {
        perSecond: runtime.config.CHUNK_TIMEOUT_PER_SECOND,
        constantSeconds: runtime.config.CHUNK_TIMEOUT_CONSTANT_SECONDS,
      },
      incomplete: incompletePolicy(runtime.config, 'whisper'),
      observe: chunkMetrics(runtime.registry, 'openai'),
    }),
  checks: ({ hasKey }) => ({ 'api-key': () => hasKey }),
  close: async ({ limiter, budget }) => {
    budget.close();
    await limiter.close();
  },
});
