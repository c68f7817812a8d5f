import { isDeepStrictEqual } from 'node:util';
import type { CallCost } from './cost.ts';
import {
  CHUNK_DEAD,
  CHUNK_DONE,
  CHUNK_PENDING,
  type EpisodeError,
  type EpisodeState,
  type EpisodeStatus,
} from './episode-state.ts';
import type { EpisodeRequest } from './episode-request.ts';
import type { Lane, Queue } from './names.ts';

/** How an episode's state changes: pure functions for `EpisodeStore.update`, each safe to apply twice. */

/** Errors kept on an episode; older ones make room. */
const MAX_ERRORS = 20;

export const isFinished = (status: EpisodeStatus): boolean => status === 'done' || status === 'cancelled';

/** What an episode's first job says of it. Times are ISO 8601. */
export interface Acceptance {
  request: EpisodeRequest;
  episodeId: string;
  lane: Lane;
  now: string;
  /** When it was published, where that is known. */
  published?: string | undefined;
  /** W3C trace context of its job, while traces are sent. */
  traceparent?: string | undefined;
}

/** A request taken in: a new episode, or one that failed and is tried again; anything else stays as it is. */
export function accepted(
  state: EpisodeState | undefined,
  { request, episodeId, lane, now, published, traceparent }: Acceptance,
): EpisodeState {
  const trace = state?.trace ?? traceparent;
  if (state?.request !== undefined && state.status !== 'failed') {
    // Announced when it was published, it knows neither its trace nor the server's time.
    const missing = state.at.published === undefined && published !== undefined && state.status === 'accepted';
    return missing ? { ...state, ...(trace === undefined ? {} : { trace }), at: { ...state.at, published } } : state;
  }
  return {
    v: 1,
    episodeId,
    status: 'accepted',
    request,
    // Bumped before anybody had begun.
    lane: state?.status === 'accepted' ? state.lane : lane,
    chunks: (state?.chunks ?? '').replaceAll(CHUNK_DEAD, CHUNK_PENDING),
    ...(state?.cut === undefined ? {} : { cut: state.cut }),
    ...(state?.seconds === undefined ? {} : { seconds: state.seconds }),
    ...(request.title === undefined ? {} : { title: request.title }),
    errors: state?.errors ?? [],
    ...(state?.cost === undefined ? {} : { cost: state.cost }),
    ...(trace === undefined ? {} : { trace }),
    at: {
      ...state?.at,
      // Tried again after a failure, its time runs anew.
      ...(published === undefined ? {} : { published }),
      accepted: state?.at.accepted ?? now,
      changed: now,
    },
  };
}

/** The episode goes before others from now on; one nobody has begun is noted, so that its first job finds it so. */
export function bumped(state: EpisodeState | undefined, episodeId: string, now: string): EpisodeState | undefined {
  if (state && isFinished(state.status)) return undefined;
  const base: EpisodeState = state ?? {
    v: 1,
    episodeId,
    status: 'accepted',
    lane: 'high',
    chunks: '',
    errors: [],
    at: { accepted: now, changed: now },
  };
  return { ...base, lane: 'high', at: { ...base.at, bumped: now, changed: now } };
}

/** The download begins; a state that is further already stays. */
export function downloading(state: EpisodeState, now: string): EpisodeState | undefined {
  return state.status === 'accepted'
    ? { ...state, status: 'downloading', at: { ...state.at, changed: now } }
    : undefined;
}

/** The audio is cut: `silent` chunks count as done. Chunks of the same cut that are done stay done. */
export function downloaded(
  state: EpisodeState,
  audio: { cut: string; seconds: number; silent: readonly boolean[]; title?: string | undefined },
  now: string,
): EpisodeState {
  const fresh = audio.silent.map((silent) => (silent ? CHUNK_DONE : CHUNK_PENDING)).join('');
  const same = state.cut === audio.cut && state.chunks.length === fresh.length;
  const chunks = same ? state.chunks.replaceAll(CHUNK_DEAD, CHUNK_PENDING) : fresh;
  const title = state.title ?? audio.title;
  return {
    ...state,
    status: 'transcribing',
    chunks,
    cut: audio.cut,
    seconds: audio.seconds,
    ...(title === undefined ? {} : { title }),
    at: { ...state.at, downloaded: state.at.downloaded ?? now, changed: now },
  };
}

/**
 * One chunk's transcript is stored; one of another cut doesn't count. A replayed chunk that was dead lifts its episode
 * out of `failed`.
 */
export function chunkDone(
  state: EpisodeState,
  { cut, chunk: index }: { cut: string; chunk: number },
  now: string,
): EpisodeState | undefined {
  if (state.cut !== cut || state.chunks[index] === undefined || state.chunks[index] === CHUNK_DONE) return undefined;
  const chunks = setChunk(state.chunks, index, CHUNK_DONE);
  const revived = state.status === 'failed' && !chunks.includes(CHUNK_DEAD);
  const { held: _over, ...rest } = state;
  return { ...rest, status: revived ? 'transcribing' : state.status, chunks, at: { ...state.at, changed: now } };
}

/** A job waits for money. Told once: the time it began stays. */
export function held(state: EpisodeState, error: EpisodeError): EpisodeState | undefined {
  if (isFinished(state.status) || state.held?.message === error.message) return undefined;
  return { ...state, held: error, at: { ...state.at, changed: error.at } };
}

export function allChunksDone(state: EpisodeState): boolean {
  return state.chunks.length > 0 && !state.chunks.includes(CHUNK_PENDING) && !state.chunks.includes(CHUNK_DEAD);
}

/** @param cost of the calls its transcript is made of; undefined where nothing was paid for. */
export function transcribed(state: EpisodeState, now: string, cost?: CallCost): EpisodeState | undefined {
  if (state.status === 'summarizing' || isFinished(state.status)) return undefined;
  // The summarizer was faster, and has failed: that is the newer word.
  const last = state.errors.at(-1);
  if (state.status === 'failed' && last?.queue === 'summarize' && last.at >= now) return undefined;
  return {
    ...state,
    status: 'summarizing',
    ...(cost === undefined ? {} : { cost: { ...state.cost, transcript: cost } }),
    at: { ...state.at, transcribed: state.at.transcribed ?? now, changed: now },
  };
}

export function summarized(state: EpisodeState, now: string, cost?: CallCost): EpisodeState | undefined {
  const { held: _over, ...rest } = state;
  if (isFinished(state.status)) {
    // Made anew after a first try in vain, which had left the episode done.
    if (cost === undefined || isDeepStrictEqual(state.cost?.summary, cost)) return undefined;
    return { ...rest, cost: { ...state.cost, summary: cost }, at: { ...state.at, changed: now } };
  }
  return {
    ...rest,
    status: 'done',
    ...(cost === undefined ? {} : { cost: { ...state.cost, summary: cost } }),
    at: { ...state.at, finished: now, changed: now },
  };
}

/** The transcript is to be summarized anew; an episode without one stays as it is. */
export function resummarizing(state: EpisodeState, now: string): EpisodeState | undefined {
  if (!allChunksDone(state)) return undefined;
  const { finished: _before, ...at } = state.at;
  return { ...state, status: 'summarizing', at: { ...at, changed: now } };
}

/** Something stored is lost or unreadable: the episode goes back to its download, which works out what is missing. */
export function sentBack(state: EpisodeState, now: string): EpisodeState {
  return { ...state, status: 'accepted', returns: (state.returns ?? 0) + 1, at: { ...state.at, changed: now } };
}

/** How the episode was cut is of no use any more: its next download cuts it anew. */
export function uncut(state: EpisodeState, cut: string): EpisodeState | undefined {
  if (state.cut !== cut) return undefined;
  const { cut: _forgotten, ...rest } = state;
  return { ...rest, chunks: '' };
}

/**
 * A job of the episode died. A finished episode stays finished: its results are there.
 * @param complete all its results are there although it is not finished: it was summarized anew, in vain.
 */
export function failed(
  state: EpisodeState | undefined,
  episodeId: string,
  error: EpisodeError,
  complete = false,
): EpisodeState | undefined {
  if (state && isFinished(state.status)) return undefined;
  const base: EpisodeState = state ?? {
    v: 1,
    episodeId,
    status: 'failed',
    lane: 'normal',
    chunks: '',
    errors: [],
    at: { accepted: error.at, changed: error.at },
  };
  const known = base.errors.some(
    (one) => one.queue === error.queue && one.chunk === error.chunk && one.message === error.message,
  );
  const chunks =
    error.chunk !== undefined && base.chunks[error.chunk] === CHUNK_PENDING
      ? setChunk(base.chunks, error.chunk, CHUNK_DEAD)
      : base.chunks;
  const { held: _over, ...rest } = base;
  return {
    ...rest,
    status: complete ? 'done' : 'failed',
    chunks,
    errors: known ? base.errors : [...base.errors, error].slice(-MAX_ERRORS),
    at: { ...base.at, finished: error.at, changed: error.at },
  };
}

/** A dead job of the episode is tried again: its chunk is pending, and the episode at work once nothing else is dead. */
export function replayed(
  state: EpisodeState,
  job: { queue: Queue; chunk?: number | undefined },
  now: string,
): EpisodeState | undefined {
  if (state.status !== 'failed' || job.queue === 'webhook') return undefined;
  const chunks =
    job.chunk !== undefined && state.chunks[job.chunk] === CHUNK_DEAD
      ? setChunk(state.chunks, job.chunk, CHUNK_PENDING)
      : state.chunks;
  const back: EpisodeStatus =
    job.queue === 'download' ? 'accepted' : job.queue === 'summarize' ? 'summarizing' : 'transcribing';
  return {
    ...state,
    status: chunks.includes(CHUNK_DEAD) ? 'failed' : back,
    chunks,
    at: { ...state.at, changed: now },
  };
}

/** Adds what storage says is done; what is counted already stays counted. */
export function withStored(state: EpisodeState, stored: string): EpisodeState {
  if (state.chunks.length !== stored.length) return { ...state, chunks: stored };
  const chunks = [...state.chunks].map((mark, index) => (stored[index] === CHUNK_DONE ? CHUNK_DONE : mark)).join('');
  return { ...state, chunks };
}

function setChunk(chunks: string, index: number, mark: string): string {
  return chunks.slice(0, index) + mark + chunks.slice(index + 1);
}
