import { describe, expect, test } from '@jest/globals';
import type { EpisodeState } from '#shared/contracts/episode-state';
import type { PodlineEvent } from '#shared/contracts/events';
import { webhookJobSchema } from '#shared/contracts/jobs';
import { eventSubject } from '#shared/contracts/subjects';
import { webhookJobs } from './webhook-jobs.ts';

const AT = '2026-01-01T00:00:00.000Z';
const event: PodlineEvent = { v: 1, episodeId: 'e1', type: 'summarized', at: AT };
const subject = eventSubject('e1', 'summarized');
const OWN = 'https://own.example/hook';
const OPERATOR = 'https://user:pass@operator.example/hook';

const state = (webhook?: string): EpisodeState => ({
  v: 1,
  episodeId: 'e1',
  status: 'done',
  lane: 'bulk',
  chunks: '#',
  errors: [],
  title: 'A title',
  request: {
    v: 1,
    url: 'https://a.example/a.mp3',
    options: {},
    metadata: { ticket: '7' },
    ...(webhook === undefined ? {} : { webhook }),
  },
  at: { accepted: AT, changed: AT },
});

describe('webhookJobs', () => {
  test('asks for nothing where nobody wants to be told', () => {
    expect(webhookJobs(event, subject, state(), undefined)).toEqual([]);
    expect(webhookJobs(event, subject, undefined, undefined)).toEqual([]);
  });

  test('tells the episode’s receiver and the operator’s, each under an id of its own', () => {
    const jobs = webhookJobs(event, subject, state(OWN), OPERATOR);
    expect(jobs.map(({ url }) => url)).toEqual([undefined, OWN]);
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(2);
    for (const job of jobs) expect(webhookJobSchema.parse(job)).toMatchObject({ about: { title: 'A title' } });
  });

  test('keeps the operator’s credentials out of the queue', () => {
    expect(JSON.stringify(webhookJobs(event, subject, state(), OPERATOR))).not.toContain('pass');
  });

  test('tells a receiver once that is both', () => {
    expect(webhookJobs(event, subject, state(OWN), OWN)).toHaveLength(1);
  });

  test('gives the same id whenever it is worked out, and another to another event', () => {
    const id = (name: string) => webhookJobs(event, name, state(OWN), undefined)[0]?.id;
    expect(id(subject)).toBe(id(subject));
    expect(id(subject)).not.toBe(id(eventSubject('e1', 'failed', 'download.1')));
  });
});
