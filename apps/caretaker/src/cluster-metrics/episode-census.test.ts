import { describe, expect, test } from '@jest/globals';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { EpisodeCensus } from './episode-census.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-11-25T12:00:00.000Z');

const episode = (episodeId: string, status: EpisodeState['status'], hoursAgo: number) => {
  const at = new Date(NOW - hoursAgo * HOUR_MS).toISOString();
  const state: EpisodeState = {
    v: 1,
    episodeId,
    status,
    lane: 'normal',
    chunks: '',
    errors: [],
    at: { accepted: at, changed: at },
  };
  return { episodeId, state };
};

describe('the census of episodes', () => {
  test('counts each episode once, by its newest status', () => {
    const census = new EpisodeCensus(0);
    census.hear(episode('a', 'accepted', 2));
    census.hear(episode('a', 'transcribing', 1));
    census.hear(episode('b', 'done', 5));
    expect(census.count(NOW, HOUR_MS).byStatus).toMatchObject({ accepted: 0, transcribing: 1, done: 1 });
  });

  test('counts as stuck what is not finished and has not changed; a failed one waits for a person', () => {
    const census = new EpisodeCensus(0);
    census.hear(episode('new', 'downloading', 0.5));
    census.hear(episode('old', 'transcribing', 3));
    census.hear(episode('failed', 'failed', 9));
    census.hear(episode('done', 'done', 9));
    expect(census.count(NOW, HOUR_MS)).toMatchObject({ stuck: 1, oldestChangeAt: NOW - 3 * HOUR_MS });
  });

  test('forgets what was deleted, and what is older than JetStream keeps', () => {
    const census = new EpisodeCensus(4 * HOUR_MS);
    census.hear(episode('old', 'done', 5));
    census.hear(episode('deleted', 'done', 1));
    census.hear({ episodeId: 'deleted', state: undefined });
    expect(census.count(NOW, HOUR_MS).byStatus.done).toBe(0);
  });
});
