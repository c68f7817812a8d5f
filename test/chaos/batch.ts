import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '#shared/client/open-client';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { FAKE_MODEL, REAL_MODEL } from '../support/fake-models.ts';
import type { MediaRoute } from '../support/media-server.ts';
import { file } from '../support/media-server.ts';
import { tonePcm, wav } from '../support/tone-episode.ts';
import { patiently } from './patiently.ts';

export const TONE_SECONDS = 38;
const CHUNK_SECONDS = 10;
const POLL_MS = 500;

export interface ChaosEpisode {
  id: string;
  number: number;
  /** Who hears it: speech is for real whisper, tones for the fake engine and the test's API. */
  ears: 'whisper' | 'fake' | 'api';
}

/** Episodes numbered from `first`; those for whisper and for the API are spread evenly among them. */
export function episodes(first: number, count: number, special: { real?: number; paid?: number } = {}): ChaosEpisode[] {
  const isOneOf = (index: number, some = 0): boolean =>
    Math.floor(((index + 1) * some) / count) > Math.floor((index * some) / count);
  return Array.from({ length: count }, (_, index) => ({
    id: `chaos-${first + index}`,
    number: first + index,
    ears: isOneOf(index, special.real) ? 'whisper' : isOneOf(index, special.paid) ? 'api' : 'fake',
  }));
}

const pathOf = ({ id, ears }: ChaosEpisode): string => `/${id}.${ears === 'whisper' ? 'flac' : 'wav'}`;

const ASKED = {
  whisper: { model: REAL_MODEL },
  fake: { model: FAKE_MODEL },
  api: { provider: 'openai' },
} as const;

export function routes(all: readonly ChaosEpisode[], fixtures: string): Record<string, MediaRoute> {
  const speech = file(join(fixtures, 'speech-12s.flac'), 'audio/flac');
  return Object.fromEntries(
    all.map((episode): [string, MediaRoute] => [
      pathOf(episode),
      episode.ears === 'whisper' ? speech : (_request, response) => tones(episode, response),
    ]),
  );
}

function tones({ number }: ChaosEpisode, response: Parameters<MediaRoute>[1]): void {
  const bytes = wav(tonePcm(number, TONE_SECONDS));
  response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': bytes.length }).end(bytes);
}

/** Episodes on their way: published at the pace the caller sets, counted as they finish. */
export class Batch {
  readonly #client: Client;
  readonly #url: (path: string) => string;
  readonly #waiting: ChaosEpisode[];
  readonly #atWork: ChaosEpisode[] = [];
  readonly total: number;
  finished = 0;

  constructor(all: readonly ChaosEpisode[], client: Client, url: (path: string) => string) {
    this.#client = client;
    this.#url = url;
    this.#waiting = [...all];
    this.total = all.length;
  }

  get published(): number {
    return this.total - this.#waiting.length;
  }

  /** Ids of the episodes at work. */
  get ids(): string[] {
    return this.#atWork.map(({ id }) => id);
  }

  get atWork(): number {
    return this.#atWork.length;
  }

  async publishUpTo(count: number): Promise<void> {
    while (this.published < Math.min(count, this.total)) {
      const episode = this.#waiting.shift();
      if (episode === undefined) return;
      this.#atWork.push(episode);
      const options = { chunkSeconds: CHUNK_SECONDS, ...ASKED[episode.ears] };
      await patiently(() => publishEpisode(this.#client, { id: episode.id, url: this.#url(pathOf(episode)), options }));
    }
  }

  /** Looks who has finished. */
  async look(): Promise<void> {
    for (const episode of [...this.#atWork]) {
      const state = await patiently(() => this.#client.episodes.get(episode.id));
      if (state?.status !== 'done' && state?.status !== 'failed') continue;
      this.#atWork.splice(this.#atWork.indexOf(episode), 1);
      this.finished++;
    }
  }

  /** Waits as long as episodes finish. @returns those that did not, when none has for so long. */
  async untilFinished(stallMs: number): Promise<string[]> {
    let seen = this.finished;
    let deadline = performance.now() + stallMs;
    while (this.finished < this.total && performance.now() < deadline) {
      await this.look();
      if (this.finished > seen) deadline = performance.now() + stallMs;
      seen = this.finished;
      await delay(POLL_MS);
    }
    return this.ids;
  }
}
