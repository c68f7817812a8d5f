import { type ChunkTranscript, figuresOf, type UsedSettings } from '#shared/contracts/chunk-transcript';
import { type CallCost, sumCosts } from '#shared/contracts/cost';
import type { TranscribeJob } from '#shared/contracts/jobs';
import { inSpan } from '#shared/observability/spans';
import { checkCompleteness, type Completeness, type Finding, isBetter } from './completeness.ts';
import type { EngineAnswer } from './parse-verbose-json.ts';

export interface EngineCall {
  signal: AbortSignal;
  /** Time the attempt may take, in milliseconds. */
  timeoutMs: number;
  /** Share of the chunk that is done, 0 to 1. */
  onProgress: (share: number) => void;
}

export interface EngineAttempt {
  answer: EngineAnswer;
  /** Most memory the engine has held, in bytes, where that can be told. */
  peakMemoryBytes?: number | undefined;
  /** What the attempt cost, where it was paid for. */
  cost?: CallCost | undefined;
}

/** Who turns a chunk's audio into text: a whisper engine, or an API. */
export interface ChunkEngine {
  readonly name: string;
  readonly version?: string | undefined;
  attempt(audio: Uint8Array, job: TranscribeJob, settings: UsedSettings, call: EngineCall): Promise<EngineAttempt>;
}

export interface CheckedChunk {
  transcript: ChunkTranscript;
  /** What still seems wrong after every attempt; empty when nothing does. */
  findings: Finding[];
  /** Silence that both attempts agree on, where there is sound: believed, unless somebody else can be asked. */
  doubts: Finding[];
}

interface Tried extends EngineAttempt {
  settings: UsedSettings;
  check: Completeness;
}

/**
 * Transcribes a chunk and compares the text with what its audio promises. What seems incomplete is decoded once more with
 * other settings (a wider search, and deaf to its own earlier text, which is what loops feed on), and the
 * better of the two is kept.
 */
export async function transcribeCompletely(
  engine: ChunkEngine,
  audio: Uint8Array,
  job: TranscribeJob,
  call: EngineCall,
): Promise<CheckedChunk> {
  const started = performance.now();
  const first = await attempt(engine, audio, job, settingsOf(job, 1), [], call);
  let best = first;
  let cost = first.cost;
  if (first.check.findings.length > 0) {
    const second = await secondAttempt(engine, audio, job, first, call);
    cost = sumCosts([first.cost, second?.cost]);
    // Holes both have found are believed; the first text is as good then, and needs no sampling.
    if (second && (second.check.findings.length === 0 || isBetter(second.check, first.check))) best = second;
  }
  const workSeconds = (performance.now() - started) / 1000;
  return {
    transcript: transcriptOf(engine, job, { ...best, cost }, workSeconds),
    findings: best.check.findings,
    doubts: best.check.doubts,
  };
}

/** @returns undefined where it fails: what there is is better than nothing, and was paid for. */
async function secondAttempt(
  engine: ChunkEngine,
  audio: Uint8Array,
  job: TranscribeJob,
  first: Tried,
  call: EngineCall,
): Promise<Tried | undefined> {
  try {
    return await attempt(engine, audio, job, settingsOf(job, 2), first.check.holes, call);
  } catch (error) {
    if (call.signal.aborted) throw error;
    return undefined;
  }
}

async function attempt(
  engine: ChunkEngine,
  audio: Uint8Array,
  job: TranscribeJob,
  settings: UsedSettings,
  earlier: Completeness['holes'],
  call: EngineCall,
): Promise<Tried> {
  const about = { 'podline.engine': engine.name, 'podline.model': job.model, 'podline.attempt': settings.attempt };
  const tried = await inSpan('engine call', about, () => engine.attempt(audio, job, settings, call));
  const { segments, warnings } = tried.answer;
  const earlierHoles = earlier.map(({ start, end }) => [start, end] as const);
  const check = checkCompleteness({ seconds: job.seconds, speech: job.speech, segments, warnings, earlierHoles });
  return { ...tried, settings, check };
}

function settingsOf(job: TranscribeJob, attempt: 1 | 2): UsedSettings {
  const { language, prompt, decoding } = job;
  const asked: UsedSettings = { ...decoding, language, ...(prompt === undefined ? {} : { prompt }), attempt };
  if (attempt === 1) return asked;
  // Of three chunks in which greedy whisper dropped text, a beam found it in three, a temperature in one. An API has no beam.
  if (job.provider !== 'whisper') return { ...asked, temperature: 0.2 };
  // To whisper.cpp a prompt is context: without context there is none.
  const { prompt: _, ...unprompted } = asked;
  return { ...unprompted, beamSize: 5, noContext: true };
}

function transcriptOf(engine: ChunkEngine, job: TranscribeJob, tried: Tried, workSeconds: number): ChunkTranscript {
  const { answer, check, settings, peakMemoryBytes, cost } = tried;
  return {
    v: 1,
    episodeId: job.episodeId,
    chunk: job.chunk,
    provider: job.provider,
    engine: { name: engine.name, ...(engine.version === undefined ? {} : { version: engine.version }) },
    model: job.model,
    settings,
    language: answer.language,
    ...(answer.languageProbability === undefined ? {} : { languageProbability: answer.languageProbability }),
    segments: answer.segments,
    figures: {
      ...figuresOf(job.seconds, workSeconds, peakMemoryBytes),
      ...(cost === undefined ? {} : { cost }),
    },
    warnings: [...answer.warnings, ...check.findings.map(({ kind, message }) => ({ reason: kind, message }))],
  };
}
