import { availableParallelism } from 'node:os';
import { SECOND } from '#shared/config/defaults';
import { summaryLimits } from '#shared/config/rate-limit';
import { summarizerConfigSchema } from '#shared/config/summarizer';
import { budgetMetrics } from '#shared/observability/budget-metrics';
import { limiterMetrics, limiterStatusMetrics } from '#shared/observability/limiter-metrics';
import { Budget } from '#shared/rate-limit/budget';
import { endpointKey } from '#shared/rate-limit/endpoint-key';
import { RateLimiter } from '#shared/rate-limit/rate-limiter';
import { runService } from '#shared/service/run-service';
import { ClusterLimit } from './cluster-limit.ts';
import { createChain, missingFallbacks } from './create-chain.ts';
import { fitParallelism } from './fit-parallelism.ts';
import { SummarizerModule } from './summarizer.module.ts';

await runService({
  name: 'summarizer',
  queue: 'summarize',
  schema: summarizerConfigSchema,
  prepare: async ({ config, connection, registry, log }) => {
    const endpoint = endpointKey({ account: config.OPENAI_ACCOUNT, class: 'summaries' });
    const { parts, warnings } = fitParallelism(config, availableParallelism());
    for (const warning of [...missingFallbacks(config), ...warnings]) log.warn({}, warning);
    const limiter = await RateLimiter.open({
      connection,
      endpoint,
      limits: summaryLimits(config),
      replicas: config.STREAM_REPLICAS,
      maxWaitMs: config.RATE_LIMIT_WAIT_SECONDS * SECOND,
      observer: limiterMetrics(registry, endpoint),
      log,
    });
    limiterStatusMetrics(registry, endpoint, limiter);
    const observer = budgetMetrics(registry, endpoint);
    const budget = await Budget.open({ connection, now: () => limiter.now(), observer, log });
    return { limiter, budget, parts };
  },
  jobs: (config) => ({
    slots: config.SUMMARIZE_CONCURRENCY,
    maxAckPending: config.SUMMARIZE_MAX_ACK_PENDING,
    ceilingMs: config.SUMMARIZE_JOB_SECONDS * SECOND,
  }),
  module: (runtime, { limiter, budget, parts }) => {
    const { config } = runtime;
    const maxWaitMs = config.RATE_LIMIT_WAIT_SECONDS * SECOND;
    const callMs = config.SUMMARY_CALL_SECONDS * SECOND;
    const limit = new ClusterLimit({ limiter, budget, maxWaitMs, callMs });
    return SummarizerModule.with({
      runtime,
      chain: createChain(config, parts, limit),
      maxDeliveries: config.MAX_DELIVERIES,
    });
  },
  close: async ({ limiter, budget }) => {
    budget.close();
    await limiter.close();
  },
});
