import { expect, jest, test } from '@jest/globals';
import { brokenPromises } from '../chaos/chaos-summary.ts';
import { runChaos } from '../chaos/run-chaos.ts';

jest.setTimeout(300_000);

/** The short form of `npm run chaos`: the same storm, smaller. */
test('a small storm of kills and a rolling restart lose nothing and double nothing', async () => {
  const options = {
    episodes: 6,
    real: 1,
    paid: 1,
    kills: 6,
    natsKills: 1,
    paceMs: 500,
    awaySeconds: 4,
    awayEpisodes: 2,
    rollingEpisodes: 4,
    rolls: 1,
    seed: 1,
    watched: false,
  };
  const report = await runChaos(options, () => undefined);
  expect(brokenPromises(report)).toEqual([]);
  expect(report.storm.kills).toHaveLength(options.kills);
  expect(report.rolling.restarts).toBe(10);
});
