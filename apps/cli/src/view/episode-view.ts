import { CHUNK_DONE, type EpisodeState } from '#shared/contracts/episode-state';
import type { Progress } from '#shared/contracts/events';
import { plainText } from '../plain-text.ts';

/** What is known of an episode at work: its state and the newest progress of each of its jobs. */
export interface EpisodeView {
  state: EpisodeState | undefined;
  download: Progress | undefined;
  /** Share done of the chunks at work, by index. */
  chunks: ReadonlyMap<number, number>;
  /** When transcribing was first seen, and how many seconds of audio were done then. */
  transcribing: { sinceMs: number; doneSeconds: number } | undefined;
}

export const EMPTY_VIEW: EpisodeView = {
  state: undefined,
  download: undefined,
  chunks: new Map(),
  transcribing: undefined,
};

export function withState(view: EpisodeView, state: EpisodeState, nowMs: number): EpisodeView {
  const next = { ...view, state };
  if (state.status !== 'transcribing' || view.transcribing) return next;
  return { ...next, transcribing: { sinceMs: nowMs, doneSeconds: transcribedSeconds(next) } };
}

export function withProgress(view: EpisodeView, progress: Progress): EpisodeView {
  if (progress.stage !== 'transcribe') return { ...view, download: progress };
  if (progress.chunk === undefined || !progress.total) return view;
  return { ...view, chunks: new Map(view.chunks).set(progress.chunk, progress.done / progress.total) };
}

/** Seconds of audio that are transcribed, running chunks by their share. Chunks of an episode are about equally long. */
export function transcribedSeconds({ state, chunks }: EpisodeView): number {
  if (!state?.seconds || state.chunks.length === 0) return 0;
  const done = [...state.chunks].reduce(
    (sum, mark, index) => sum + (mark === CHUNK_DONE ? 1 : (chunks.get(index) ?? 0)),
    0,
  );
  return (done / state.chunks.length) * state.seconds;
}

export interface Pace {
  /** Seconds of audio a second. */
  rate: number;
  /** Seconds until the transcript is complete. */
  etaSeconds: number;
}

/** How fast it goes since transcribing was first seen, and how long it will take at that rate; undefined at the start. */
export function pace(view: EpisodeView, nowMs: number): Pace | undefined {
  if (!view.transcribing || !view.state?.seconds) return undefined;
  const elapsed = (nowMs - view.transcribing.sinceMs) / 1000;
  const done = transcribedSeconds(view);
  const rate = (done - view.transcribing.doneSeconds) / elapsed;
  if (elapsed < 1 || rate <= 0) return undefined;
  return { rate, etaSeconds: (view.state.seconds - done) / rate };
}

const BAR = 24;

export function bar(share: number, width = BAR): string {
  const full = Math.round(Math.max(0, Math.min(1, share)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

/** `2:05`, `1:02:05`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** One line a stage: name, bar, share, and what helps to judge it. */
export function stageLines(view: EpisodeView, nowMs: number): string[] {
  const order = ['accepted', 'downloading', 'transcribing', 'summarizing', 'done'];
  const reached = order.indexOf(view.state?.status ?? 'accepted');
  const { held } = view.state ?? {};
  const waits = held === undefined ? [] : [`  waits       ${plainText(held.message, 200)} [${held.reason}]`];
  return [downloadLine(view, reached), transcribeLine(view, reached, nowMs), summarizeLine(reached), ...waits];
}

function line(name: string, share: number, detail: string): string {
  return `  ${name.padEnd(11)} ${bar(share)} ${String(Math.floor(share * 100)).padStart(3)} %  ${detail}`.trimEnd();
}

function downloadLine({ download, state }: EpisodeView, reached: number): string {
  if (reached >= 2 && state?.seconds)
    return line('download', 1, `${clock(state.seconds)} of audio in ${state.chunks.length} chunks`);
  if (!download) return line('download', 0, '');
  const share = download.total ? download.done / download.total : 0;
  const detail =
    download.stage === 'download'
      ? `${(download.done / 1e6).toFixed(1)}${download.total ? ` of ${(download.total / 1e6).toFixed(1)}` : ''} MB`
      : download.stage;
  return line('download', Math.min(share, 0.99), detail);
}

function transcribeLine(view: EpisodeView, reached: number, nowMs: number): string {
  const { state } = view;
  if (!state?.seconds || state.chunks.length === 0) return line('transcribe', 0, '');
  const done = [...state.chunks].filter((mark) => mark === CHUNK_DONE).length;
  const chunks = `chunk ${done}/${state.chunks.length}`;
  if (reached >= 3) return line('transcribe', 1, chunks);
  const now = pace(view, nowMs);
  const speed = now ? `  ${now.rate.toFixed(1)}x real time  ETA ${clock(now.etaSeconds)}` : '';
  return line('transcribe', Math.min(transcribedSeconds(view) / state.seconds, 0.99), `${chunks}${speed}`);
}

function summarizeLine(reached: number): string {
  return line('summarize', reached >= 4 ? 1 : 0, '');
}

/** What went wrong with a failed episode, one line an error. */
export function errorLines(state: EpisodeState): string[] {
  return state.errors.map((error) => {
    const where = error.chunk === undefined ? error.queue : `${error.queue}, chunk ${error.chunk}`;
    return `  ${where}: ${plainText(error.message, 500)} [${error.reason}]`;
  });
}
