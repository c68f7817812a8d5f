import type { CallCost } from '#shared/contracts/cost';
import { CHUNK_DONE, type EpisodeState, type EpisodeStatus } from '#shared/contracts/episode-state';
import { errorLines } from '../view/error-lines.ts';

/** What counts of an episode while many are followed: a few numbers each, so that ten thousand stay cheap. */
export interface EpisodeWork {
  episodeId: string;
  title: string | undefined;
  status: EpisodeStatus;
  /** Who transcribes, where the request says so: each provider has a speed of its own. */
  provider: string;
  /** Length in seconds: measured, else as the feed says. */
  seconds: number | undefined;
  /** One character a chunk, as in the state. */
  chunks: string;
  chunksDone: number;
  /** Whether an engine transcribes it; a publisher's transcript takes no time. */
  transcribes: boolean;
  held: string | undefined;
  cost: readonly CallCost[];
  /** Why it failed, a line an error; none where it has not. */
  errors: readonly string[];
  /** Milliseconds since 1970, by the clocks of those who wrote the state. */
  at: {
    begun: number;
    downloaded: number | undefined;
    transcribed: number | undefined;
    finished: number | undefined;
    changed: number;
  };
}

export function episodeWork(state: EpisodeState): EpisodeWork {
  const { status, chunks, request, at } = state;
  const early = status === 'accepted' || status === 'downloading';
  const offered = (request?.transcripts?.length ?? 0) > 0 && !request?.options.alwaysTranscribe;
  return {
    episodeId: state.episodeId,
    errors: status === 'failed' ? errorLines(state) : [],
    title: state.title,
    status,
    provider: request?.options.provider ?? '',
    seconds: state.seconds ?? request?.seconds,
    chunks,
    chunksDone: [...chunks].filter((mark) => mark === CHUNK_DONE).length,
    transcribes: chunks !== '' || (early && !offered),
    held: state.held?.message,
    cost: [state.cost?.transcript, state.cost?.summary].filter((cost) => cost !== undefined),
    at: {
      begun: Date.parse(at.published ?? at.accepted),
      downloaded: time(at.downloaded),
      transcribed: time(at.transcribed),
      finished: time(at.finished),
      changed: Date.parse(at.changed),
    },
  };
}

export const isOver = ({ status }: Pick<EpisodeWork, 'status'>): boolean =>
  status === 'done' || status === 'failed' || status === 'cancelled';

const time = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
