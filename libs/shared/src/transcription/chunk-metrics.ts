import { Counter, Histogram, type Registry } from 'prom-client';
import type { ChunkTranscript } from '#shared/contracts/chunk-transcript';
import type { Finding } from './completeness.ts';

/** Counts stored chunk transcripts: audio, work, and how many times faster than real time. */
export function chunkMetrics(registry: Registry): (transcript: ChunkTranscript, findings: readonly Finding[]) => void {
  const labelNames = ['provider'] as const;
  const registers = [registry];
  const audio = new Counter({
    name: 'podline_audio_transcribed_seconds_total',
    help: 'Seconds of audio whose transcript was stored.',
    labelNames,
    registers,
  });
  const work = new Counter({
    name: 'podline_transcribe_work_seconds_total',
    help: 'Seconds engines worked for stored transcripts.',
    labelNames,
    registers,
  });
  const speed = new Histogram({
    name: 'podline_transcribe_real_time_factor',
    help: 'Seconds of work per second of audio, by chunk.',
    labelNames,
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
    registers,
  });
  const incomplete = new Counter({
    name: 'podline_incomplete_chunks_total',
    help: 'Chunk transcripts that were kept although something seems to be missing, by what.',
    labelNames: ['provider', 'kind'],
    registers,
  });
  return ({ provider, figures }, findings) => {
    for (const { kind } of findings) incomplete.inc({ provider, kind });
    audio.inc({ provider }, figures.audioSeconds);
    work.inc({ provider }, figures.workSeconds);
    speed.observe({ provider }, figures.realTimeFactor);
  };
}
