import type { Registry } from 'prom-client';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { type Coverage, GAP_REASONS } from '#shared/contracts/transcript';
import type { MetricName } from './catalogue/metrics.ts';
import { METRICS } from './catalogue/metrics.ts';
import type { Component, MetricSpec } from './catalogue/metric-spec.ts';
import { counter, histogram } from './instruments.ts';

/** How an episode ends: `rejected` where its audio can't be had, `failed` where podline could not do its part. */
export const EPISODE_RESULTS = ['done', 'rejected', 'failed'] as const;
export type EpisodeResult = (typeof EPISODE_RESULTS)[number];

/** Told once of what becomes of an episode. */
export interface EpisodeObserver {
  /** @param at when, as ISO 8601. */
  finished(result: EpisodeResult, state: Pick<EpisodeState, 'at'>, at: string): void;
  /** Its transcript was stored. */
  transcribed(coverage: Coverage): void;
}

export function episodeMetrics(registry: Registry, component: string): EpisodeObserver {
  const duration = histogram(registry, 'podline_episode_duration_seconds');
  for (const result of EPISODE_RESULTS) duration.zero({ result });
  return {
    finished: (result, { at: { published, accepted } }, at) => {
      duration.observe({ result }, Math.max(0, (Date.parse(at) - Date.parse(published ?? accepted)) / 1000));
    },
    transcribed: merges(component) ? coverageMetrics(registry) : () => undefined,
  };
}

function coverageMetrics(registry: Registry): EpisodeObserver['transcribed'] {
  const speech = counter(registry, 'podline_transcript_speech_seconds_total');
  const covered = counter(registry, 'podline_transcript_covered_seconds_total');
  const gapSeconds = counter(registry, 'podline_transcript_gap_seconds_total');
  const share = histogram(registry, 'podline_transcript_coverage_ratio');
  for (const reason of GAP_REASONS) gapSeconds.inc({ reason }, 0);
  return ({ speechSeconds, coveredSeconds, share: ratio, gaps }) => {
    speech.inc(speechSeconds);
    covered.inc(coveredSeconds);
    share.observe(ratio);
    for (const { start, end, reason } of gaps) gapSeconds.inc({ reason }, end - start);
  };
}

/** Only those who merge have the metrics of transcripts. */
function merges(component: string): boolean {
  const name: MetricName = 'podline_transcript_coverage_ratio';
  return (METRICS[name] satisfies MetricSpec).from.includes(component as Component & 'downloader');
}
