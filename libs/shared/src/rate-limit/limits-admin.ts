import type { KV } from 'nats';
import { z } from 'zod';
import { PermanentError, RetryableError } from '#shared/errors';
import { endpointKey } from './endpoint-key.ts';
import { EndpointStore } from './endpoint-store.ts';
import { decodeState, encodeState, type LimiterState } from './limiter-state.ts';
import { type EndpointStatus, endpointStatus } from './limiter-status.ts';
import { type Limits, limitsSchema, parseLimits } from './limits.ts';
import { resumed } from './pause.ts';

/** Compare-and-set rounds before an edit gives up. */
const MAX_ROUNDS = 20;

/** One endpoint as an operator sees it. */
export interface EndpointReport {
  endpoint: string;
  /** The stored limits; undefined where they can't be read. */
  limits: Limits | undefined;
  /** What is wrong with the stored limits: the last good ones are in force. */
  limitsError: string | undefined;
  /** Undefined where there is no state yet, or one that will be made anew. */
  status: EndpointStatus | undefined;
}

/** A change of some limits: `null` takes one away. */
export type LimitsChange = { [Name in keyof Limits]?: Limits[Name] | null };

/** All endpoints of the bucket, or the one named. Nothing secret is in it. */
export async function showLimits(bucket: KV, endpoint?: string): Promise<EndpointReport[]> {
  const endpoints = endpoint === undefined ? await endpointsOf(bucket) : [endpoint];
  return Promise.all(endpoints.map((name) => report(bucket, name)));
}

/**
 * Changes limits for the whole cluster, at once. They count as an operator's from then on: a service's configuration
 * does not overwrite them any more.
 * @throws PermanentError `bad-limits` with what does not fit
 */
export async function setLimits(bucket: KV, endpoint: string, change: LimitsChange): Promise<Limits> {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined);
  return edit(bucket, endpoint, (limits) => {
    const removed = new Set(entries.filter(([, value]) => value === null).map(([name]) => name));
    const merged = { ...limits, ...Object.fromEntries(entries), setBy: 'operator' };
    const wanted = Object.fromEntries(Object.entries(merged).filter(([name]) => !removed.has(name)));
    const parsed = limitsSchema.safeParse(wanted);
    if (parsed.success) return parsed.data;
    throw new PermanentError('bad-limits', `These limits don't fit ${endpoint}: ${z.prettifyError(parsed.error)}`);
  });
}

export interface AppliedLimits {
  /** `kept`: an operator has set them at run time, and they stay. */
  result: 'applied' | 'unchanged' | 'kept';
  limits: Limits;
}

/**
 * Writes a deployment's limits, as services do at their start: where there are none, or where an earlier deployment wrote
 * them. What an operator has set stays, unless it shall be overwritten. A pause stays in any case.
 * @throws PermanentError `bad-limits`
 */
export async function applyLimits(
  bucket: KV,
  endpoint: string,
  wanted: LimitsChange,
  overwrite: boolean,
): Promise<AppliedLimits> {
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null && value !== undefined));
  const parsed = limitsSchema.safeParse({ ...given, setBy: 'configuration' });
  if (!parsed.success)
    throw new PermanentError('bad-limits', `These limits don't fit ${endpoint}: ${z.prettifyError(parsed.error)}`);
  const store = new EndpointStore(bucket, checkedEndpoint(endpoint));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { value, revision } = await store.read('limits');
    const stored = value === undefined ? undefined : parseLimits(value);
    const known = stored && 'limits' in stored ? stored.limits : undefined;
    if (known?.setBy === 'operator' && !overwrite) return { result: 'kept', limits: known };
    const limits = known?.paused === undefined ? parsed.data : { ...parsed.data, paused: known.paused };
    if (known && JSON.stringify(known) === JSON.stringify(limits)) return { result: 'unchanged', limits };
    const result = await store.swap('limits', `${JSON.stringify(limits, undefined, 2)}\n`, revision);
    if (result.kind === 'stored') return { result: 'applied', limits };
    if (result.kind === 'unknown') throw result.error;
  }
  throw contended(endpoint);
}

function checkedEndpoint(endpoint: string): string {
  const [account = '', limitClass = '', ...more] = endpoint.split('.');
  if (more.length === 0) return endpointKey({ account, class: limitClass });
  throw new PermanentError(
    'bad-endpoint',
    `Expected <account>.<class>, for instance openai.transcription; got "${endpoint.slice(0, 90)}".`,
  );
}

/** Nothing is sent any more, in the whole cluster; calls that run end as they will. */
export async function pauseLimits(bucket: KV, endpoint: string, reason: string): Promise<Limits> {
  return edit(bucket, endpoint, (limits) => ({ ...limits, paused: reason.slice(0, 500) || 'by an operator' }));
}

/** Takes back a pause, a stop after an exhausted quota, and a pause the provider asked for. */
export async function resumeLimits(bucket: KV, endpoint: string): Promise<Limits> {
  const limits = await edit(bucket, endpoint, ({ paused: _ended, ...rest }) => rest);
  await changeState(bucket, endpoint, resumed);
  return limits;
}

/**
 * Ends the closure of an endpoint whose state was lost, or is new: to be done only by somebody who knows that nothing was
 * sent for a minute.
 */
export async function openEndpoint(bucket: KV, endpoint: string): Promise<void> {
  await changeState(bucket, endpoint, (state) => ({ ...state, closedUntil: 0 }));
}

async function changeState(bucket: KV, endpoint: string, change: (state: LimiterState) => LimiterState): Promise<void> {
  const store = new EndpointStore(bucket, endpoint);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { value, revision } = await store.read('state');
    const decoded = value === undefined ? undefined : decodeState(value, await serverTime(store));
    if (!decoded || !('state' in decoded)) return;
    const result = await store.swap('state', encodeState(change(decoded.state)), revision);
    if (result.kind === 'stored') return;
    if (result.kind === 'unknown') throw result.error;
  }
  throw contended(endpoint);
}

async function edit(bucket: KV, endpoint: string, change: (limits: Limits) => Limits): Promise<Limits> {
  const store = new EndpointStore(bucket, endpoint);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { value, revision } = await store.read('limits');
    const limits = change(readable(endpoint, value));
    const result = await store.swap('limits', `${JSON.stringify(limits, undefined, 2)}\n`, revision);
    if (result.kind === 'stored') return limits;
    if (result.kind === 'unknown') throw result.error;
  }
  throw contended(endpoint);
}

function readable(endpoint: string, value: string | undefined): Limits {
  if (value === undefined) {
    throw new PermanentError(
      'unknown-endpoint',
      `No service has used the endpoint "${endpoint}" yet. podline limits show lists them.`,
    );
  }
  const parsed = parseLimits(value);
  if ('limits' in parsed) return parsed.limits;
  throw new PermanentError(
    'bad-limits',
    `The stored limits of ${endpoint} can't be read, mend them first: ${parsed.error}`,
  );
}

async function report(bucket: KV, endpoint: string): Promise<EndpointReport> {
  const store = new EndpointStore(bucket, endpoint);
  const [limits, state, now] = [await store.read('limits'), await store.read('state'), await serverTime(store)];
  const parsed = limits.value === undefined ? { error: 'there are none' } : parseLimits(limits.value);
  const decoded = state.value === undefined ? undefined : decodeState(state.value, now);
  return {
    endpoint,
    limits: 'limits' in parsed ? parsed.limits : undefined,
    limitsError: 'error' in parsed ? parsed.error : undefined,
    status: decoded && 'state' in decoded ? endpointStatus(decoded.state, now) : undefined,
  };
}

async function endpointsOf(bucket: KV): Promise<string[]> {
  const endpoints = new Set<string>();
  for await (const key of await bucket.keys('*.*.*')) {
    const [, endpoint] = /^(.+)\.(?:limits|state)$/.exec(key) ?? [];
    if (endpoint !== undefined) endpoints.add(endpoint);
  }
  return [...endpoints].toSorted();
}

async function serverTime(store: EndpointStore): Promise<number> {
  return (await store.sampleTime(() => performance.now()))?.created ?? Date.now();
}

function contended(endpoint: string): RetryableError {
  return new RetryableError(
    'limits-contended',
    `The limits of ${endpoint} changed ${MAX_ROUNDS} times meanwhile. Try again.`,
  );
}
