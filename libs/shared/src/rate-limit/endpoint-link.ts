import { setTimeout as delay } from 'node:timers/promises';
import { Events, type KV, type NatsConnection, type Status } from 'nats';
import type { Log } from '#shared/observability/log';
import { asError, PermanentError, RetryableError } from '#shared/errors';
import { EndpointStore } from './endpoint-store.ts';
import { enterEndpoint } from './known-endpoints.ts';
import type { Limits } from './limits.ts';
import { ensureLimitsBucket, openLimitsBucket } from './limits-bucket.ts';
import { ServerClock } from './server-clock.ts';
import { SharedState } from './shared-state.ts';
import { minuteLayout } from './window-layout.ts';

/** Samples of the server's time taken at start at most, until one is good enough. */
const FIRST_SAMPLES = 20;
const LONGEST_SYNC_MS = 5000;
const REOPEN_MS = 250;
/** How long NATS may need until a limiter can be opened, in milliseconds. */
const OPEN_TIMEOUT_MS = 30_000;

export interface EndpointLinkOptions {
  connection: NatsConnection;
  bucket: string;
  /** Copies of the bucket. */
  replicas: number;
  endpoint: string;
  configured: Limits;
  monotonic: () => number;
  /** See `SharedState`. */
  onChange: (matters: boolean) => void;
  onRebuilt: (reason: string) => void;
  log: Log;
}

/**
 * Keeps this replica's idea of the endpoint true: watches it, asks the leader every few seconds, keeps the server's
 * time, and makes bucket and state anew where they are gone.
 */
export class EndpointLink {
  readonly shared: SharedState;
  readonly clock: ServerClock;
  readonly #options: EndpointLinkOptions;
  readonly #store: EndpointStore;
  readonly #closing = new AbortController();
  #rewatch = new AbortController();
  #watchedRevision = -1;
  #connected = true;
  #recovering: Promise<void> | undefined;
  readonly #loops: Promise<void>[] = [];

  /** @throws PermanentError `unsafe-nats`; NatsError where the bucket can't be made. */
  static async open(options: EndpointLinkOptions): Promise<EndpointLink> {
    const { connection, replicas, bucket, endpoint } = options;
    await patiently(() => ensureLimitsBucket(connection, replicas, bucket));
    const kv = await openLimitsBucket(connection, bucket);
    const link = new EndpointLink(options, kv, new EndpointStore(kv, endpoint));
    await patiently(() => link.#setClock());
    await patiently(() => link.shared.offerConfigured());
    await link.recover();
    link.#loops.push(link.#watch(), link.#sync(), link.#followConnection());
    return link;
  }

  private constructor(options: EndpointLinkOptions, bucket: KV, store: EndpointStore) {
    this.#options = options;
    this.#store = store;
    this.clock = new ServerClock(options.monotonic, () => minuteLayout(this.shared.limits.layout));
    this.shared = new SharedState({
      store,
      configured: options.configured,
      now: () => this.clock.now(),
      enter: () => this.#enter(bucket),
      monotonic: options.monotonic,
      onChange: options.onChange,
      onRebuilt: (reason) => {
        options.log.warn(
          { endpoint: options.endpoint, reason },
          'The limiter state was made anew; nothing is sent for one window',
        );
        options.onRebuilt(reason);
      },
    });
  }

  /** How often the server is asked for its time and the state, in milliseconds. */
  get syncMs(): number {
    return Math.min(LONGEST_SYNC_MS, this.shared.limits.layout.windowMs / 4);
  }

  /** Why nothing may be granted or sent, or undefined. */
  trouble(): string | undefined {
    if (!this.#connected) return 'NATS is away';
    if (this.clock.now() === undefined) return 'the time is not certain';
    if (!this.shared.view) return 'the state is being made anew';
    if (this.#options.monotonic() - this.shared.registeredAt > 3 * LONGEST_SYNC_MS) return 'the register was not seen';
    const unconfirmedMs = this.#options.monotonic() - this.shared.confirmedAt;
    if (unconfirmedMs > 3 * this.syncMs)
      return `the state was last confirmed ${Math.round(unconfirmedMs / 1000)} s ago`;
    return undefined;
  }

  /** One attempt at having a state that can be used; never throws. */
  recover(): Promise<void> {
    this.#recovering ??= this.#recover().finally(() => {
      this.#recovering = undefined;
    });
    return this.#recovering;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#rewatch.abort();
    await Promise.race([Promise.all(this.#loops), delay(1000, undefined, { ref: false })]);
  }

  /**
   * Old enough is a register that was there already when anybody last looked who sent a request that still counts: nobody
   * sends whose last look is three syncs old.
   */
  async #enter(bucket: KV): Promise<'new' | 'known'> {
    const now = this.clock.now();
    if (now === undefined) throw new RetryableError('no-time', 'The time is not certain yet.', { blameless: true });
    const { windowMs, guardMs } = this.shared.limits.layout;
    const ageMs = windowMs + 2 * guardMs + 4 * LONGEST_SYNC_MS;
    return enterEndpoint(bucket, this.#options.endpoint, now, ageMs);
  }

  async #recover(): Promise<void> {
    if (!this.#connected) return;
    try {
      await this.shared.refresh();
      if (!this.shared.needsMending) return;
      const result = await this.shared.mend();
      if (result?.kind === 'unknown') throw asError(result.error);
      if (result?.kind === 'conflict') await this.shared.refresh();
    } catch (error) {
      this.#options.log.debug({ err: asError(error).message }, 'The limiter state can not be reached');
      // The bucket itself may be gone; where it isn't, this changes nothing.
      await ensureLimitsBucket(this.#options.connection, this.#options.replicas, this.#options.bucket).catch(() => {});
    }
  }

  /** Good enough is an error that the guard easily holds. */
  async #setClock(): Promise<void> {
    const { guardMs } = this.#options.configured.layout;
    for (let sample = 0; sample < FIRST_SAMPLES && this.clock.uncertaintyMs > guardMs / 16; sample++) {
      await this.#sampleTime();
    }
  }

  async #sampleTime(): Promise<void> {
    const sample = await this.#store.sampleTime(this.#options.monotonic);
    if (sample) this.clock.add(sample);
  }

  async #sync(): Promise<void> {
    let revision = -1;
    while (!this.#closing.signal.aborted) {
      await this.#pause(this.syncMs);
      if (this.#closing.signal.aborted || !this.#connected) continue;
      await this.#sampleTime().catch(() => {});
      await this.recover();
      // What was known a whole round ago should have been watched long since.
      const behind = this.shared.view?.revision === revision && this.#watchedRevision !== revision;
      if (behind) this.#rewatch.abort();
      revision = this.shared.view?.revision ?? -1;
    }
  }

  async #watch(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#rewatch = new AbortController();
      const signal = AbortSignal.any([this.#closing.signal, this.#rewatch.signal]);
      try {
        await this.#store.watch((name, stored) => {
          if (name === 'limits') return this.shared.seeLimits(stored);
          this.#watchedRevision = stored.revision;
          if (!this.shared.see(stored)) void this.recover();
        }, signal);
      } catch (error) {
        this.#options.log.debug({ err: asError(error).message }, 'The watch of the limiter state ended');
      }
      await this.#pause(REOPEN_MS);
    }
  }

  async #followConnection(): Promise<void> {
    const statuses = this.#options.connection.status()[Symbol.asyncIterator]();
    const closing = new Promise<undefined>((resolve) => {
      this.#closing.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    for (;;) {
      const next = await Promise.race([statuses.next(), closing]);
      if (next === undefined || next.done === true) return;
      await this.#onConnection(next.value.type);
    }
  }

  async #onConnection(type: Status['type']): Promise<void> {
    if (type === Events.Disconnect) this.#connected = false;
    if (type === Events.Reconnect) {
      this.#connected = true;
      this.#rewatch.abort();
      await this.recover();
    }
    this.#options.onChange(true);
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}

/** A bucket that was just made, or whose leader changes, answers 503 for a while. */
async function patiently(action: () => Promise<void>): Promise<void> {
  const until = performance.now() + OPEN_TIMEOUT_MS;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (error instanceof PermanentError || performance.now() > until) throw error;
      await delay(REOPEN_MS);
    }
  }
}
