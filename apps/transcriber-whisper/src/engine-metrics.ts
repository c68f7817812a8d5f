import type { Registry } from 'prom-client';
import { counter, gauge, histogram } from '#shared/observability/instruments';
import type { EngineObserver, RestartReason, WhisperPool } from './whisper-pool.ts';

/** Restarts of engines, and how long they take to load a model. */
export function engineMetrics(registry: Registry): EngineObserver {
  const restarts = counter(registry, 'podline_whisper_engine_restarts_total');
  const load = histogram(registry, 'podline_whisper_model_load_seconds');
  const reasons: RestartReason[] = ['died', 'failed-chunk', 'interrupted'];
  for (const reason of reasons) restarts.inc({ reason }, 0);
  return {
    restarted: (reason) => restarts.inc({ reason }),
    loaded: (seconds) => load.observe(seconds),
  };
}

/** How many engines live, and how many should. Read at each scrape. */
export function engineCountMetrics(registry: Registry, pool: Pick<WhisperPool, 'alive' | 'size'>): void {
  gauge(registry, 'podline_whisper_engines', (engines) => {
    engines.set({ state: 'alive' }, pool.alive);
    engines.set({ state: 'wanted' }, pool.size);
  });
}
