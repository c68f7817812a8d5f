import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { KV } from 'nats';
import { RetryableError } from '#shared/errors';
import { fromNats, isConflict } from '#shared/jetstream/nats-errors';
import { type BudgetAccount, current, decodeAccount, emptyAccount, monthOf } from './budget-account.ts';
import { type BudgetSettings, NO_BUDGET, parseBudget } from './budget-settings.ts';

const SETTINGS_KEY = 'budget.settings';
/** Compare-and-set rounds before a change gives up for now. */
const MAX_ROUNDS = 100;
/** Spread of the next try after a lost round, in milliseconds. */
const JITTER_MS = 15;
/** Accounts whose last state is remembered, for the case that somebody deletes one. */
const MAX_REMEMBERED = 1000;
/** An account may be this far ahead of the clock at the turn of a month, in milliseconds. */
const CLOCK_SLACK_MS = 24 * 3_600_000;

/** The account of all calls, or of a feed's. Feeds are named by a hash: a URL is no key. */
function accountKey(feed?: string): string {
  if (feed === undefined) return 'budget.all';
  return `budget.feed.${createHash('sha256').update(feed).digest('hex').slice(0, 32)}`;
}

/** The budget's entries in the limiter's bucket. Knows NATS, and no prices. */
export class BudgetStore {
  readonly #bucket: KV;
  readonly #remembered = new Map<string, BudgetAccount>();

  constructor(bucket: KV) {
    this.#bucket = bucket;
  }

  /** @throws RetryableError `bad-budget` where what is stored can't be read: without knowing the budget nothing is spent. */
  async settings(): Promise<{ settings: BudgetSettings; revision: number }> {
    const stored = await this.#read(SETTINGS_KEY);
    if (stored.value === undefined) return { settings: NO_BUDGET, revision: stored.revision };
    const parsed = parseBudget(stored.value);
    if ('settings' in parsed) return { settings: parsed.settings, revision: stored.revision };
    throw new RetryableError(
      'bad-budget',
      `The stored budget can't be read, so nothing is paid for: ${parsed.error}. Mend the key ${SETTINGS_KEY}, or set it anew with "podline budget set --anew".`,
      { blameless: true, delayMs: 60_000 },
    );
  }

  /** @returns false where somebody else was faster. */
  async writeSettings(settings: BudgetSettings, revision: number): Promise<boolean> {
    return this.#put(SETTINGS_KEY, `${JSON.stringify(settings, undefined, 2)}\n`, revision);
  }

  /** The revision of the settings, readable or not; 0 where there are none. */
  async settingsRevision(): Promise<number> {
    return (await this.#read(SETTINGS_KEY)).revision;
  }

  /** An account as it stands at `now`; `unreadable` where it is stored and can't be trusted. */
  async account(feed: string | undefined, now: number): Promise<BudgetAccount | 'unreadable'> {
    return this.#accountOf(accountKey(feed), (await this.#read(accountKey(feed))).value, feed, now);
  }

  /**
   * Changes an account by compare-and-set. `change` may run several times; undefined leaves the account.
   * @returns the account afterwards.
   */
  async change(
    feed: string | undefined,
    now: () => number,
    change: (account: BudgetAccount | 'unreadable') => BudgetAccount | undefined,
  ): Promise<BudgetAccount | undefined> {
    const key = accountKey(feed);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const { value, revision } = await this.#read(key);
      const next = change(this.#accountOf(key, value, feed, now()));
      if (next === undefined) return undefined;
      if (await this.#put(key, JSON.stringify(next), revision)) {
        this.#remember(key, next);
        return next;
      }
      await delay(Math.random() * JITTER_MS);
    }
    throw new RetryableError('budget-contended', `The budget's account changed ${MAX_ROUNDS} times meanwhile.`, {
      blameless: true,
    });
  }

  /** All feeds' accounts. */
  async feedAccounts(now: number): Promise<BudgetAccount[]> {
    const accounts: BudgetAccount[] = [];
    const keys: string[] = [];
    for await (const key of await this.#bucket.keys('budget.feed.*')) keys.push(key);
    for (const key of keys) {
      const account = decodeAccount((await this.#read(key)).value ?? '');
      if (account) accounts.push(current(account, now));
    }
    return accounts;
  }

  #accountOf(
    key: string,
    value: string | undefined,
    feed: string | undefined,
    now: number,
  ): BudgetAccount | 'unreadable' {
    if (value === undefined) return current(this.#remembered.get(key) ?? emptyAccount(now, feed), now);
    const account = decodeAccount(value);
    if (!account || account.month > monthOf(now + CLOCK_SLACK_MS)) return 'unreadable';
    return current(account, now);
  }

  #remember(key: string, account: BudgetAccount): void {
    this.#remembered.delete(key);
    this.#remembered.set(key, account);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > MAX_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
  }

  async #read(key: string): Promise<{ value: string | undefined; revision: number }> {
    try {
      const entry = await this.#bucket.get(key);
      if (!entry) return { value: undefined, revision: 0 };
      return { value: entry.operation === 'PUT' ? entry.string() : undefined, revision: entry.revision };
    } catch (error) {
      throw fromNats(error);
    }
  }

  async #put(key: string, value: string, revision: number): Promise<boolean> {
    try {
      await this.#bucket.put(key, value, { previousSeq: revision });
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw fromNats(error);
    }
  }
}
