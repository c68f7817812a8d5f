import type { Registry } from 'prom-client';
import type { ChunkTranscript } from '#shared/contracts/chunk-transcript';
import type { TranscriptionProvider } from '#shared/contracts/names';
import { counter, histogram } from '#shared/observability/instruments';
import { type Finding, FINDING_KINDS } from './completeness.ts';

/** Counts stored chunk transcripts: audio, work, and how many times faster than real time. */
export function chunkMetrics(
  registry: Registry,
  provider: TranscriptionProvider,
): (transcript: ChunkTranscript, findings: readonly Finding[]) => void {
  const audio = counter(registry, 'podline_audio_transcribed_seconds_total');
  const work = counter(registry, 'podline_transcribe_work_seconds_total');
  const speed = histogram(registry, 'podline_transcribe_real_time_factor');
  const incomplete = counter(registry, 'podline_incomplete_chunks_total');
  // A counter that appears with its first event has no rate for it: begin with 0.
  for (const kind of FINDING_KINDS) incomplete.inc({ provider, kind }, 0);
  audio.inc({ provider }, 0);
  work.inc({ provider }, 0);
  speed.zero({ provider });
  return ({ figures }, findings) => {
    for (const { kind } of findings) incomplete.inc({ provider, kind });
    audio.inc({ provider }, figures.audioSeconds);
    work.inc({ provider }, figures.workSeconds);
    speed.observe({ provider }, figures.realTimeFactor);
  };
}
