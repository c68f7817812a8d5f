import { setTimeout as delay } from 'node:timers/promises';
import { setLimits } from '#shared/rate-limit/limits-admin';
import type { LimitsInput } from '#shared/rate-limit/limits';
import type { Scale, Scenario, Stage } from './scenario.ts';

const requestsOnly = ({ requests }: Scale): LimitsInput => ({ requestsPerMinute: requests });
const steady = { demand: 3, limits: requestsOnly, latencyMs: 20, windows: 4, expectsFullUse: true } as const;
const eight = { ...steady, replicas: 8 } as const;

/** A limiter that works is dull: all the others are about what goes wrong. */
export const SCENARIOS: readonly Scenario[] = [
  ...[2, 4, 8, 16].map((replicas) => ({
    ...steady,
    name: `${replicas} replicas`,
    what: 'nothing goes wrong',
    replicas,
  })),
  {
    ...eight,
    name: 'tokens',
    what: 'requests of 10 to 4,000 tokens, 1,000 tokens allowed per request allowed',
    limits: ({ requests }) => ({ requestsPerMinute: requests, tokensPerMinute: requests * 1000 }),
    maxTokens: 4000,
    windows: 6,
  },
  {
    ...eight,
    name: 'at once',
    what: '20 at once allowed, 300 ms a call',
    limits: ({ requests }) => ({ requestsPerMinute: requests, maxConcurrent: 20 }),
    latencyMs: 300,
    windows: 4,
    expectsFullUse: false,
  },
  {
    ...eight,
    name: 'holders killed',
    what: '4 of 8 killed at random, 20 at once allowed, 300 ms a call',
    limits: ({ requests }) => ({ requestsPerMinute: requests, maxConcurrent: 20 }),
    latencyMs: 300,
    callMs: 3000,
    windows: 5,
    expectsFullUse: false,
    disturb: killHalf,
  },
  {
    ...eight,
    name: 'replica frozen',
    what: 'two replicas stand still for 1.2 windows',
    windows: 5,
    expectsFullUse: false,
    disturb: freezeTwo,
  },
  {
    ...eight,
    name: 'clocks skewed',
    what: 'clocks wrong by up to 24 hours either way',
    clockSkewMs: (index) => ([0, 30, -30, 300, -300, 3600, -3600, 86_400][index] ?? 0) * 1000,
  },
  { ...eight, name: 'key deleted', what: 'the state is purged', windows: 6, expectsFullUse: false, disturb: deleteKey },
  {
    ...eight,
    name: 'bucket deleted',
    what: 'the bucket is deleted',
    windows: 6,
    expectsFullUse: false,
    disturb: deleteBucket,
  },
  {
    ...eight,
    name: 'NATS killed',
    what: 'SIGKILL, and 3 s later a start',
    windows: 5,
    expectsFullUse: false,
    disturb: killNats,
  },
  {
    ...eight,
    name: 'limit changed',
    what: 'halved after 1.5 windows, restored after 3.5',
    windows: 6,
    expectsFullUse: false,
    disturb: changeLimits,
  },
  {
    ...eight,
    name: 'API sends 429',
    what: 'three times, with a retry-after of 0.2 windows',
    windows: 5,
    expectsFullUse: false,
    disturb: send429s,
  },
  {
    ...eight,
    name: 'R3, leader killed',
    what: '3 servers, the one that leads the bucket is killed and comes back',
    cluster: true,
    windows: 6,
    expectsFullUse: false,
    disturb: killLeader,
  },
];

async function killHalf({ replicas, windows }: Stage): Promise<void> {
  for (const index of [1, 4, 6, 7]) {
    await windows(0.5);
    await replicas.kill(index);
    replicas.start(index);
  }
}

async function freezeTwo({ replicas, windows }: Stage): Promise<void> {
  await windows(1);
  replicas.freeze(2);
  await windows(0.3);
  replicas.freeze(5);
  await windows(1.2);
  replicas.thaw(2);
  replicas.thaw(5);
}

async function deleteKey({ bucket, endpoint, windows }: Stage): Promise<void> {
  await windows(1.5);
  await bucket.purge(`${endpoint}.state`);
}

async function deleteBucket({ bucket, windows }: Stage): Promise<void> {
  await windows(1.5);
  await bucket.destroy();
}

async function killNats({ nats, windows }: Stage): Promise<void> {
  await windows(1.5);
  await nats[0]?.kill('SIGKILL');
  await delay(3000);
  await nats[0]?.restart();
}

async function changeLimits({ api, bucket, endpoint, windows, scale, limitsChanged }: Stage): Promise<void> {
  const { windowMs, requests } = scale;
  const half = Math.floor(requests / 2);
  await windows(1.5);
  await setLimits(bucket, endpoint, { requestsPerMinute: half });
  // The provider counts what it already let in, too; it is told once that is over.
  limitsChanged({ from: Date.now() + 100, requests: half, tokens: undefined });
  await windows(1.1);
  await api.setLimits({ windowMs, requests: half });
  await windows(0.9);
  await api.setLimits({ windowMs, requests });
  limitsChanged({ from: Date.now(), requests, tokens: undefined });
  await setLimits(bucket, endpoint, { requestsPerMinute: requests });
}

async function send429s({ api, windows, scale, note }: Stage): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await windows(0.8);
    const before = (await api.stats()).arrivals.length;
    await api.script({ kind: 'rate-limit', retryAfterMs: scale.windowMs / 5 });
    await windows(0.15);
    const { arrivals } = await api.stats();
    const refused = arrivals.findIndex(({ status }, index) => index >= before && status === 429);
    const at = arrivals[refused]?.at ?? 0;
    const after = arrivals.slice(refused + 1).filter((arrival) => arrival.at <= at + scale.windowMs / 5 - 10);
    const lastMs = Math.max(0, ...after.map((arrival) => arrival.at - at));
    note(`${after.length} more requests, the last ${lastMs} ms after the 429`);
  }
}

async function killLeader({ nats, bucket, windows, note }: Stage): Promise<void> {
  await windows(1.5);
  const { streamInfo } = await bucket.status();
  const leader = nats[Number(/\d+$/.exec(streamInfo.cluster?.leader ?? '')?.[0] ?? 1) - 1];
  note(`killed ${streamInfo.cluster?.leader}`);
  await leader?.kill('SIGKILL');
  await delay(3000);
  await leader?.restart();
}
