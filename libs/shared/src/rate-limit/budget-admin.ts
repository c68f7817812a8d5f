import type { KV } from 'nats';
import { z } from 'zod';
import { PermanentError, RetryableError } from '#shared/errors';
import { type BudgetAccount, committed, emptyAccount } from './budget-account.ts';
import { type BudgetSettings, budgetSettingsSchema, MICRO, NO_BUDGET } from './budget-settings.ts';
import { BudgetStore } from './budget-store.ts';

const MAX_ROUNDS = 20;

/** What was spent of a budget, in dollars. */
export interface BudgetReport {
  /** Calendar month, UTC. */
  month: string;
  spent: number;
  /** The most that calls under way may still cost. */
  underWay: number;
  /** Undefined without a budget. */
  budget: number | undefined;
  feed?: string;
}

export interface BudgetOverview {
  settings: BudgetSettings;
  /** Undefined where the account can't be read. */
  all: BudgetReport | undefined;
  feeds: BudgetReport[];
  /** Earlier months, the newest last. */
  history: { month: string; dollars: number }[];
}

/** A change of some settings: `null` takes one away. */
export type BudgetChange = { [Name in keyof BudgetSettings]?: BudgetSettings[Name] | null };

export async function showBudget(bucket: KV, now: number): Promise<BudgetOverview> {
  const store = new BudgetStore(bucket);
  const { settings } = await store.settings();
  const account = await store.account(undefined, now);
  const feeds = await store.feedAccounts(now);
  return {
    settings,
    all: account === 'unreadable' ? undefined : report(account, settings.monthlyDollars),
    feeds: feeds.map((one) => report(one, settings.feeds[one.feed ?? ''] ?? settings.feedMonthlyDollars)),
    history:
      account === 'unreadable' ? [] : account.history.map(({ month, spent }) => ({ month, dollars: spent / MICRO })),
  };
}

/**
 * Changes the budget for the whole cluster, at once.
 * @param feed with `dollars` (null takes it away): the budget of one feed.
 * @param anew begins with no settings instead of those that are stored, which may be unreadable.
 * @throws PermanentError `bad-budget` with what does not fit
 */
export async function setBudget(
  bucket: KV,
  change: BudgetChange,
  { feed, anew = false }: { feed?: { url: string; dollars: number | null } | undefined; anew?: boolean } = {},
): Promise<BudgetSettings> {
  const store = new BudgetStore(bucket);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { settings, revision } = anew
      ? { settings: NO_BUDGET, revision: await store.settingsRevision() }
      : await store.settings();
    const wanted = withFeed(without({ ...settings, ...change }), feed);
    const parsed = budgetSettingsSchema.safeParse(wanted);
    if (!parsed.success)
      throw new PermanentError('bad-budget', `This budget does not fit: ${z.prettifyError(parsed.error)}`);
    if (await store.writeSettings(parsed.data, revision)) return parsed.data;
  }
  throw new RetryableError('budget-contended', `The budget changed ${MAX_ROUNDS} times meanwhile. Try again.`);
}

/** Says what was spent this month, where the account was lost or is wrong. What calls under way may cost stays. */
export async function correctSpent(bucket: KV, dollars: number, now: number, feed?: string): Promise<BudgetReport> {
  const store = new BudgetStore(bucket);
  const account = await store.change(
    feed,
    () => now,
    (known) => ({
      ...(known === 'unreadable' ? emptyAccount(now, feed) : known),
      spent: Math.round(dollars * MICRO),
    }),
  );
  return report(account ?? emptyAccount(now, feed), undefined);
}

function report(account: BudgetAccount, budget: number | undefined): BudgetReport {
  return {
    month: account.month,
    spent: account.spent / MICRO,
    underWay: (committed(account) - account.spent) / MICRO,
    budget,
    ...(account.feed === undefined ? {} : { feed: account.feed }),
  };
}

function without(settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
}

function withFeed(
  settings: Record<string, unknown>,
  feed: { url: string; dollars: number | null } | undefined,
): Record<string, unknown> {
  if (feed === undefined) return settings;
  const feeds = { ...(settings.feeds as Record<string, number>) };
  if (feed.dollars === null) delete feeds[feed.url];
  else feeds[feed.url] = feed.dollars;
  return { ...settings, feeds };
}
