import type { Client } from '#shared/client/open-client';
import { verifyEpisodes } from '../chaos/verify-episodes.ts';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import type { MediaRoute } from '../support/media-server.ts';
import { tonePcm, wav } from '../support/tone-episode.ts';
import { eventually } from './eventually.ts';

export interface ToneEpisode {
  id: string;
  number: number;
  ears: 'fake';
}

/** Episodes of tones that only the fake engine can hear, each another. */
export function toneEpisodes(prefix: string, count: number): ToneEpisode[] {
  return Array.from({ length: count }, (_, number) => ({ id: `${prefix}-${number}`, number, ears: 'fake' }));
}

export function toneRoutes(episodes: readonly ToneEpisode[], seconds: number): Record<string, MediaRoute> {
  return Object.fromEntries(
    episodes.map(({ id, number }): [string, MediaRoute] => [
      `/${id}.wav`,
      (_request, response) => {
        const bytes = wav(tonePcm(number, seconds));
        response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': bytes.length }).end(bytes);
      },
    ]),
  );
}

export async function publishTones(
  client: Client,
  episodes: readonly ToneEpisode[],
  url: (path: string) => string,
  chunkSeconds: number,
): Promise<void> {
  for (const { id } of episodes)
    await publishEpisode(client, { id, url: url(`/${id}.wav`), options: { chunkSeconds } });
}

export async function finishedOf(client: Client, episodes: readonly ToneEpisode[]): Promise<number> {
  const states = await Promise.all(episodes.map(async ({ id }) => client.episodes.get(id)));
  return states.filter((state) => state?.status === 'done' || state?.status === 'failed').length;
}

/** Waits for the end of all, and compares each transcript with its audio. @returns what is wrong; empty: nothing lost. */
export async function lostOf(
  client: Client,
  episodes: readonly ToneEpisode[],
  seconds: number,
  folder: string,
): Promise<string[]> {
  await eventually(
    'The end of all episodes',
    300_000,
    async () => (await finishedOf(client, episodes)) === episodes.length,
  );
  const { lost, incomplete } = await verifyEpisodes(episodes, client, FIXTURES, folder, seconds);
  return [...lost, ...incomplete];
}

const FIXTURES = new URL('../fixtures', import.meta.url).pathname;
