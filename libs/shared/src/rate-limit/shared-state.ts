import { randomUUID } from 'node:crypto';
import type { EndpointStore, StoredValue, SwapResult } from './endpoint-store.ts';
import { closedState, decodeState, encodeState, headOf, type LimiterState, sameLayout } from './limiter-state.ts';
import { type Limits, parseLimits } from './limits.ts';

/** The state as this replica last saw it. */
export interface View {
  state: LimiterState;
  revision: number;
}

export interface SharedStateOptions {
  store: EndpointStore;
  /** Used until the bucket says otherwise, and written to it where it says nothing. */
  configured: Limits;
  /** Milliseconds since 1970 by the server's clock, once it is known. */
  now: () => number | undefined;
  /** Enters the endpoint into the register; see `enterEndpoint`. */
  enter: () => Promise<'new' | 'known'>;
  /** Milliseconds of a clock that never jumps. */
  monotonic: () => number;
  /** Called after every change of what is seen; `matters` where it is more than other replicas' bookings. */
  onChange: (matters: boolean) => void;
  /** Called when a closed state was put in place of one that could not be used. */
  onRebuilt: (reason: string) => void;
}

/**
 * What this replica knows of the endpoint's state, and the only way to change it. A state that is missing, can't be
 * read, is from the future or went back to an older one is never trusted: it is replaced by one that grants nothing
 * for a whole window.
 */
export class SharedState {
  readonly #options: SharedStateOptions;
  #view: View | undefined;
  /** Watched and not read yet: most of what others book is of no interest before the next booking here. */
  #unread: { value: string; revision: number } | undefined;
  #head = '';
  /** What was read last and must be replaced: its revision and why. */
  #broken: { revision: number; reason: string } | undefined;
  /** The last good state, for what outlives a loss. */
  #lastGood: LimiterState | undefined;
  #limits: Limits;
  #limitsRead = false;
  #refreshing: Promise<void> | undefined;
  /** When the register proved that nobody had used the endpoint, by the monotonic clock. */
  #provenNewAt = -Infinity;
  /** When the endpoint was last seen in the register, by the monotonic clock. */
  registeredAt = -Infinity;
  /** Why the stored limits are not in force. */
  limitsError: string | undefined;
  /** When NATS last confirmed what is known, by the monotonic clock. */
  confirmedAt = -Infinity;

  constructor(options: SharedStateOptions) {
    this.#options = options;
    this.#limits = options.configured;
  }

  /** Undefined while there is no state that may be used. */
  get view(): View | undefined {
    const unread = this.#unread;
    this.#unread = undefined;
    if (unread) this.#take(unread);
    return this.#view;
  }

  /** The limits in force. */
  get limits(): Limits {
    return this.#limits;
  }

  /** Whether the stored state still works by other limits than those in force. */
  get limitsChanged(): boolean {
    const { view } = this;
    return view !== undefined && JSON.stringify(view.state.limits) !== JSON.stringify(this.#limits);
  }

  /**
   * Takes note of a watched change. It may be late: only what is newer than what is known is taken as it is.
   * @returns false where the leader should be asked.
   */
  see({ value, revision }: StoredValue): boolean {
    const known = this.#unread?.revision ?? this.#view?.revision ?? this.#broken?.revision ?? -1;
    if (revision <= known) return this.#view !== undefined && value?.includes(this.#view.state.generation) === true;
    if (value === undefined) {
      this.#lose(revision, 'it is missing');
      return true;
    }
    this.#unread = { value, revision };
    this.confirmedAt = this.#options.monotonic();
    this.#options.onChange(headOf(value) !== this.#head);
    return true;
  }

  /** Takes note of the limits; what can't be read leaves the last good ones in force. */
  seeLimits({ value }: StoredValue): void {
    if (value === undefined) return;
    const parsed = parseLimits(value);
    this.limitsError = 'error' in parsed ? parsed.error : undefined;
    if ('limits' in parsed) {
      this.#limits = parsed.limits;
      this.#limitsRead = true;
    }
    this.#options.onChange(true);
  }

  /**
   * Asks the leader for both keys. A state of the known generation with an older revision means that the bucket was put
   * back to an earlier time: bookings are lost.
   * @throws NatsError when NATS can't be asked.
   */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#readBoth().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Replaces the state if nobody else has meanwhile. */
  async swap(state: LimiterState, revision: number): Promise<SwapResult> {
    const result = await this.#options.store.swap('state', encodeState(state), revision);
    if (result.kind === 'stored') this.#stored(state, result.revision);
    return result;
  }

  /** Where the state can't be used, or works with another layout, puts a closed one in its place. */
  async mend(): Promise<SwapResult | undefined> {
    const now = this.#options.now();
    const target = this.#outdatedLayout() ?? this.#broken;
    if (now === undefined || target === undefined) return undefined;
    const closed = closedState(this.#limits, now, randomUUID(), this.#lastGood);
    const state = this.#isProvenNew ? { ...closed, closedUntil: now } : closed;
    const result = await this.#options.store.swap('state', encodeState(state), target.revision);
    if (result.kind === 'stored') {
      this.#stored(state, result.revision);
      if (state === closed) this.#options.onRebuilt(target.reason);
    }
    return result;
  }

  /** A proof is good for a moment only, and worth nothing where a state was seen here. */
  get #isProvenNew(): boolean {
    const age = this.#options.monotonic() - this.#provenNewAt;
    return this.#lastGood === undefined && age < this.#limits.layout.windowMs / 4;
  }

  /** Whether `mend` has something to do. */
  get needsMending(): boolean {
    return this.#outdatedLayout() !== undefined || this.#broken !== undefined;
  }

  /**
   * Writes the configured limits where there are none, or where an earlier configuration wrote those that are there.
   * What an operator wrote stays.
   */
  async offerConfigured(): Promise<void> {
    const { store, configured } = this.#options;
    const stored = await store.read('limits');
    const parsed = stored.value === undefined ? undefined : parseLimits(stored.value);
    const ours = parsed === undefined || ('limits' in parsed && parsed.limits.setBy === 'configuration');
    if (!ours || (parsed && JSON.stringify(parsed.limits) === JSON.stringify(configured))) return;
    await this.#writeLimits(configured, stored.revision);
  }

  async #readBoth(): Promise<void> {
    const known = this.view;
    const { store, monotonic, enter } = this.#options;
    const enteredAt = monotonic();
    if ((await enter()) === 'new') this.#provenNewAt = enteredAt;
    this.registeredAt = enteredAt;
    const limits = await store.read('limits');
    const stored = await store.read('state');
    this.seeLimits(limits);
    if (limits.value === undefined) await this.#writeLimits(this.#limits, limits.revision);
    this.confirmedAt = this.#options.monotonic();
    // Something newer came in meanwhile, from a watch or from this replica itself.
    if (this.view !== known) return void this.see(stored);
    if (known && (await this.#wentBack(known, stored)))
      return this.#lose(stored.revision, 'it went back to an earlier one');
    if (known?.revision !== stored.revision || stored.value === undefined) this.#take(stored);
  }

  #take({ value, revision }: StoredValue): void {
    const now = this.#options.now();
    if (now === undefined) return;
    const decoded = value === undefined ? { refused: 'it is missing' } : decodeState(value, now);
    if ('refused' in decoded) this.#lose(revision, decoded.refused);
    else this.#accept({ state: decoded.state, revision });
  }

  async #wentBack(known: View, stored: StoredValue): Promise<boolean> {
    const isOlder = ({ value, revision }: StoredValue): boolean =>
      value !== undefined && revision < known.revision && value.includes(known.state.generation);
    // A leader that was just replaced may answer once more: only what is repeated is true.
    return isOlder(stored) && isOlder(await this.#options.store.read('state'));
  }

  async #writeLimits(limits: Limits, revision: number): Promise<void> {
    const result = await this.#options.store.swap('limits', `${JSON.stringify(limits, undefined, 2)}\n`, revision);
    if (result.kind !== 'stored') return;
    this.#limits = limits;
    this.#limitsRead = true;
  }

  #outdatedLayout(): { revision: number; reason: string } | undefined {
    const { view } = this;
    if (!view || sameLayout(view.state.layout, this.#limits.layout)) return undefined;
    return { revision: view.revision, reason: 'its layout was changed' };
  }

  /** What this replica wrote itself, unless something newer was seen before the answer came. */
  #stored(state: LimiterState, revision: number): void {
    if (revision > (this.#unread?.revision ?? this.#view?.revision ?? -1)) this.#accept({ state, revision });
  }

  #accept(view: View): void {
    this.#view = view;
    this.#unread = undefined;
    this.#lastGood = view.state;
    this.#broken = undefined;
    this.confirmedAt = this.#options.monotonic();
    // The limits key was never readable here, but somebody could read it once.
    if (!this.#limitsRead && this.limitsError !== undefined) this.#limits = view.state.limits;
    const head = headOf(encodeState(view.state));
    const matters = head !== this.#head;
    this.#head = head;
    this.#options.onChange(matters);
  }

  #lose(revision: number, reason: string): void {
    this.#view = undefined;
    this.#unread = undefined;
    this.#head = '';
    this.#broken = { revision, reason };
    this.#options.onChange(true);
  }
}
