import { beforeEach, describe, expect, test } from '@jest/globals';
import type { KV } from 'nats';
import { limitsBuckets } from '../../../../test/support/limits-buckets.ts';
import { EndpointStore } from './endpoint-store.ts';
import { encodeState } from './limiter-state.ts';
import { ensureLimitsBucket } from './limits-bucket.ts';
import { limitsSchema } from './limits.ts';
import { stop } from './pause.ts';
import { SharedState } from './shared-state.ts';

const LIMITS = limitsSchema.parse({ requestsPerMinute: 50, setBy: 'configuration' });
const NOW = 1_800_000_000_000;

const buckets = limitsBuckets();
let bucket: KV;
let bucketName: string;
let store: EndpointStore;
let rebuilt: string[];
let serial = 0;

beforeEach(async () => {
  ({ bucket, name: bucketName } = await buckets.fresh());
  store = new EndpointStore(bucket, 'openai.test');
  rebuilt = [];
});

function sharedState(configured = LIMITS, enter: () => Promise<'new' | 'known'> = async () => 'known'): SharedState {
  return new SharedState({
    store,
    configured,
    now: () => NOW,
    enter,
    monotonic: () => performance.now(),
    onChange: () => {},
    onRebuilt: (reason) => rebuilt.push(reason),
  });
}

async function mended(): Promise<SharedState> {
  const shared = sharedState();
  await shared.refresh();
  await shared.mend();
  return shared;
}

/** Stores one more revision of the same generation. */
async function change(shared: SharedState): Promise<void> {
  const { view } = shared;
  if (!view) throw new Error('There is no state to change.');
  await shared.swap(stop(view.state, `change ${serial++}`, NOW), view.revision);
}

describe('the shared state', () => {
  test('is made where there is none, by one replica alone', async () => {
    const replicas = [sharedState(), sharedState(), sharedState()];
    await Promise.all(replicas.map((shared) => shared.refresh()));
    const results = await Promise.all(replicas.map((shared) => shared.mend()));
    expect(results.filter((result) => result?.kind === 'stored')).toHaveLength(1);
    expect(rebuilt).toEqual(['it is missing']);
  });

  test('is open at once where the endpoint is proven to be new, and closed where it was only lost', async () => {
    const fresh = sharedState(LIMITS, async () => 'new');
    await fresh.refresh();
    await fresh.mend();
    expect(stateOf(fresh).closedUntil).toBe(NOW);
    expect(rebuilt).toEqual([]);
    await bucket.purge('openai.test.state');
    await fresh.refresh();
    await fresh.mend();
    expect(stateOf(fresh).closedUntil).toBe(NOW + 63_000);
  });

  test('is not trusted where the bucket was put back to an earlier time', async () => {
    const shared = await mended();
    await change(shared);
    const earlier = (await store.read('state')).value ?? '';
    await change(shared);
    await change(shared);
    await bucket.destroy();
    await ensureLimitsBucket(buckets.connection, 1, bucketName);
    await bucket.put('openai.test.state', earlier);
    await shared.refresh();
    expect(shared.needsMending).toBe(true);
    await shared.mend();
    expect(rebuilt.at(-1)).toBe('it went back to an earlier one');
  });

  test('is not overtaken by a watch that is late', async () => {
    const shared = await mended();
    const late = await store.read('state');
    await change(shared);
    const revision = shared.view?.revision;
    expect(shared.see(late)).toBe(true);
    expect(shared.view?.revision).toBe(revision);
  });

  test('of another generation with an older revision is a reason to ask the leader', async () => {
    const shared = await mended();
    expect(shared.see({ value: encodeState({ ...stateOf(shared), generation: 'other' }), revision: 1 })).toBe(false);
    expect(shared.view).toBeDefined();
  });

  test('is closed anew when its layout is changed', async () => {
    const shared = await mended();
    const limits = { ...LIMITS, layout: { ...LIMITS.layout, windowMs: 30_000 } };
    shared.seeLimits({ value: JSON.stringify(limits), revision: 9 });
    expect(shared.needsMending).toBe(true);
    await shared.mend();
    expect(stateOf(shared)).toMatchObject({ layout: { windowMs: 30_000 }, closedUntil: NOW + 33_000 });
  });
});

function stateOf(shared: SharedState): NonNullable<SharedState['view']>['state'] {
  if (!shared.view) throw new Error('There is no state.');
  return shared.view.state;
}
