import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from 'nats';
import { SECOND } from '#shared/config/defaults';
import type { CallCost } from '#shared/contracts/cost';
import { asError, RetryableError } from '#shared/errors';
import type { Log } from '#shared/observability/log';
import { type BudgetAccount, committed, emptyAccount, reserve, settleReservation } from './budget-account.ts';
import { accountUnreadable, budgetReached, priceUnknown } from './budget-refusals.ts';
import { type BudgetSettings, feedBudget, inMicro, MICRO } from './budget-settings.ts';
import { BudgetStore } from './budget-store.ts';
import { LIMITS_BUCKET, openLimitsBucket } from './limits-bucket.ts';

/** A call that will be paid for. */
export interface Expense {
  model: string;
  /** The most it may cost at list price; undefined where the price is not known. */
  dollars: number | undefined;
  /** URL of the feed whose budget pays as well. */
  feed?: string | undefined;
  /** Time until the call is over for certain, waiting included, in milliseconds: then it counts as spent. */
  lastsMs: number;
}

/** Money set aside for one call. Settle it, whatever became of the call. */
export interface SetAside {
  /** @param dollars what it cost; undefined where nobody knows: then all that was set aside is spent. Never throws. */
  settle(dollars: number | undefined): Promise<void>;
}

export interface BudgetObserver {
  /** What is spent and allowed this month, in dollars, after every change this replica makes. */
  spent?(dollars: number, budget: number | undefined): void;
  reached?(scope: 'all' | 'feed'): void;
  /** What one call used and cost. */
  charged?(cost: CallCost): void;
}

export interface BudgetOptions {
  connection: NatsConnection;
  /** Milliseconds since 1970, best by the server's clock. */
  now: () => number;
  log: Log;
  observer?: BudgetObserver;
  /** Called when money may be there again. */
  onRoom?: () => void;
  bucket?: string;
}

/** How often a budget that is used up is looked at, in milliseconds. */
const RECHECK_MS = 5 * SECOND;
const SETTLE_ATTEMPTS = 6;
const SETTLE_RETRY_MS = 1 * SECOND;
const FREE: SetAside = { settle: async () => {} };

/**
 * The budget all services share: what a call may cost is set aside before it is made, and what it did cost is put in its
 * place afterwards. Nothing is spent that was not set aside, so all replicas together keep to the budget.
 */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #store: BudgetStore;
  readonly #closing = new AbortController();
  #usedUp = false;
  /** The budget for all calls when it was last looked at, in micro-dollars. */
  #budget: number | undefined;

  static async open(options: BudgetOptions): Promise<Budget> {
    return new Budget(
      options,
      new BudgetStore(await openLimitsBucket(options.connection, options.bucket ?? LIMITS_BUCKET)),
    );
  }

  private constructor(options: BudgetOptions, store: BudgetStore) {
    this.#options = options;
    this.#store = store;
  }

  /** Whether the month's budget for all calls was used up when last looked at, and jobs are to wait for more. */
  get usedUp(): boolean {
    return this.#usedUp;
  }

  /**
   * @throws RetryableError or PermanentError `budget-reached`, as the settings say; `budget-unreadable`, `bad-budget`
   * @throws PermanentError `price-unknown` where there is a budget and no price
   */
  async setAside(expense: Expense): Promise<SetAside> {
    const { settings } = await this.#store.settings();
    const { feed, dollars } = expense;
    const scopes = feed === undefined ? [undefined] : [undefined, feed];
    const limited = scopes.some((scope) => budgetOf(settings, scope) !== undefined);
    if (dollars === undefined) {
      if (limited && settings.unpriced === 'refuse') throw priceUnknown(expense.model);
      return FREE;
    }
    const call = {
      id: randomUUID(),
      amount: Math.ceil(dollars * MICRO),
      until: this.#options.now() + expense.lastsMs,
    };
    const done: (string | undefined)[] = [];
    try {
      for (const scope of scopes) {
        await this.#reserve(scope, call, settings);
        done.push(scope);
      }
    } catch (error) {
      await this.#settleAll(done, call.id, 0);
      throw error;
    }
    return {
      settle: (actual) =>
        this.#settleAll(scopes, call.id, actual === undefined ? call.amount : Math.ceil(actual * MICRO - 1e-6)),
    };
  }

  /** To be called with what a call used, once that is known. */
  charged(cost: CallCost): void {
    this.#options.observer?.charged?.(cost);
  }

  close(): void {
    this.#closing.abort();
  }

  async #reserve(
    feed: string | undefined,
    call: { id: string; amount: number; until: number },
    settings: BudgetSettings,
  ): Promise<void> {
    const budget = budgetOf(settings, feed);
    let refused: BudgetAccount | undefined;
    const stored = await this.#store.change(feed, this.#options.now, (account) => {
      if (account === 'unreadable' && budget !== undefined) throw accountUnreadable(feed);
      const readable = account === 'unreadable' ? emptyAccount(this.#options.now(), feed) : account;
      const next = reserve(readable, call, budget);
      refused = next === undefined ? readable : undefined;
      return next;
    });
    if (feed === undefined) this.#budget = budget;
    if (stored) return this.#tell(feed, stored);
    if (budget === undefined)
      throw new RetryableError('budget-busy', 'Too many paid calls are under way to note one more.', {
        blameless: true,
      });
    const account = refused ?? emptyAccount(this.#options.now(), feed);
    this.#options.observer?.reached?.(feed === undefined ? 'all' : 'feed');
    this.#tell(feed, account);
    // Who wants dead letters wants the jobs taken that they are made of.
    if (feed === undefined && settings.whenReached === 'wait') void this.#watchUntilRoom(call.amount);
    throw budgetReached(account, budget, call.amount, settings);
  }

  async #settleAll(scopes: readonly (string | undefined)[], id: string, amount: number): Promise<void> {
    await Promise.all(scopes.map((scope) => this.#settle(scope, id, amount)));
  }

  /** What can't be settled lapses, and counts as spent. */
  async #settle(feed: string | undefined, id: string, amount: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const stored = await this.#store.change(feed, this.#options.now, (account) =>
          account === 'unreadable' ? undefined : settleReservation(account, id, amount),
        );
        if (stored) this.#tell(feed, stored);
        return;
      } catch (error) {
        if (attempt === SETTLE_ATTEMPTS || this.#closing.signal.aborted) {
          this.#options.log.warn(
            { err: asError(error).message },
            'What a call cost could not be stored; its estimate counts',
          );
          return;
        }
        await delay(SETTLE_RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => {});
      }
    }
  }

  /** Looks from time to time whether jobs need not wait any more, so that none has to be taken to find out. */
  async #watchUntilRoom(amount: number): Promise<void> {
    if (this.#usedUp) return;
    this.#usedUp = true;
    while (this.#usedUp && !this.#closing.signal.aborted) {
      await delay(RECHECK_MS, undefined, { signal: this.#closing.signal, ref: false }).catch(() => {});
      this.#usedUp = !(await this.#worthAsking(amount));
    }
    this.#options.onRoom?.();
  }

  async #worthAsking(amount: number): Promise<boolean> {
    try {
      const { settings } = await this.#store.settings();
      if (settings.whenReached === 'fail') return true;
      const account = await this.#store.account(undefined, this.#options.now());
      const budget = budgetOf(settings, undefined);
      return budget === undefined || (account !== 'unreadable' && committed(account) + amount <= budget);
    } catch {
      return false;
    }
  }

  #tell(feed: string | undefined, { spent }: BudgetAccount): void {
    const budget = this.#budget === undefined ? undefined : this.#budget / MICRO;
    if (feed === undefined) this.#options.observer?.spent?.(spent / MICRO, budget);
  }
}

function budgetOf(settings: BudgetSettings, feed: string | undefined): number | undefined {
  return feed === undefined ? inMicro(settings.monthlyDollars) : feedBudget(settings, feed);
}
