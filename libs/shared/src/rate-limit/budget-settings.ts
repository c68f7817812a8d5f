import { z } from 'zod';

/** US dollars. Amounts are kept in whole micro-dollars, so that sums are exact. */
const dollars = z.number().min(0).max(1_000_000_000);
export const MICRO = 1_000_000;

/** Feeds that may have a budget of their own: the entry must stay small. */
const MAX_FEEDS = 1000;

/**
 * What may be spent on paid APIs, in the whole cluster, in a calendar month (UTC). Stored at `budget.settings` as JSON
 * that a person may edit; unknown names are refused.
 */
export const budgetSettingsSchema = z.strictObject({
  /** All calls together; unset: no budget. */
  monthlyDollars: dollars.optional(),
  /** The calls of each feed; unset: no budget. */
  feedMonthlyDollars: dollars.optional(),
  /** Feeds with a budget of their own, by URL; it counts instead of `feedMonthlyDollars`. */
  feeds: z
    .record(z.string().min(1).max(4096), dollars)
    .refine((feeds) => Object.keys(feeds).length <= MAX_FEEDS, { error: `more than ${MAX_FEEDS} feeds` })
    .default({}),
  /** `wait`: jobs wait for the next month, or for a larger budget. `fail`: they become dead letters. */
  whenReached: z.enum(['wait', 'fail']).default('wait'),
  /** What becomes of a call whose price is not known while there is a budget. */
  unpriced: z.enum(['refuse', 'allow']).default('refuse'),
});
export type BudgetSettings = z.output<typeof budgetSettingsSchema>;

export const NO_BUDGET: BudgetSettings = budgetSettingsSchema.parse({});

/** @returns the settings, or in words what is wrong with them. */
export function parseBudget(text: string): { settings: BudgetSettings } | { error: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: `not JSON: ${text.slice(0, 80)}` };
  }
  const parsed = budgetSettingsSchema.safeParse(value);
  return parsed.success ? { settings: parsed.data } : { error: z.prettifyError(parsed.error).replaceAll('\n', ' ') };
}

/** What the calls of a feed may cost in a month, in micro-dollars; undefined without a budget. */
export function feedBudget({ feeds, feedMonthlyDollars }: BudgetSettings, feed: string): number | undefined {
  return inMicro(Object.hasOwn(feeds, feed) ? feeds[feed] : feedMonthlyDollars);
}

export function inMicro(amount: number | undefined): number | undefined {
  return amount === undefined ? undefined : Math.round(amount * MICRO);
}
