import type { BudgetChange, BudgetReport } from '#shared/rate-limit/budget-admin';
import { budgetSettingsSchema } from '#shared/rate-limit/budget-settings';
import { EXIT } from '../exit-codes.ts';
import { withSession } from '../open-session.ts';
import { plainText } from '../plain-text.ts';
import { UsageError } from '../usage-error.ts';
import { settingsText } from '../view/limits-text.ts';

/** What may be set by `name=value`; `name=none` takes it away. */
const SETTABLE = Object.keys(budgetSettingsSchema.shape).filter((name) => name !== 'feeds');

/** `podline budget show`: what was spent this month, and what may be. */
export async function budgetShow(options: { json?: boolean }): Promise<number> {
  return withSession(async ({ budget }) => {
    const overview = await budget.show();
    if (options.json) {
      console.log(JSON.stringify(overview, undefined, 2));
      return EXIT.done;
    }
    const { all, feeds, history, settings } = overview;
    console.log(
      all ? line('all calls', all) : 'What was spent this month can’t be read: podline budget spent <dollars>',
    );
    for (const feed of feeds) console.log(line(plainText(feed.feed ?? '', 60), feed));
    for (const { month, dollars } of history) console.log(`${month}  ${money(dollars)}`);
    console.log(settingsText(settings));
    return EXIT.done;
  });
}

/** `podline budget set monthlyDollars=50`, or `podline budget set --feed <url> 5`: in force in the whole cluster at once. */
export async function budgetSet(settings: string[], options: { feed?: string; anew?: boolean }): Promise<number> {
  const { feed, anew } = options;
  const change = feed === undefined ? (Object.fromEntries(settings.map(parseSetting)) as BudgetChange) : {};
  const one = feed === undefined ? undefined : { url: feed, dollars: feedDollars(settings) };
  return withSession(async ({ budget, deadLetters }) => {
    console.log(settingsText(await budget.set(change, { feed: one, ...(anew ? { anew } : {}) })));
    let letters = 0;
    for await (const _ of deadLetters.list({ reason: 'budget-reached' })) letters++;
    if (letters > 0)
      console.log(
        `${letters} jobs were stopped by a budget. Try them again: podline dead replay --reason budget-reached`,
      );
    return EXIT.done;
  });
}

/** `podline budget spent <dollars>`: says what was spent this month, where that was lost. */
export async function budgetSpent(dollars: string, options: { feed?: string }): Promise<number> {
  const amount = number(dollars);
  return withSession(async ({ budget }) => {
    console.log(line(plainText(options.feed ?? 'all calls', 60), await budget.correctSpent(amount, options.feed)));
    return EXIT.done;
  });
}

function line(whose: string, { month, spent, underWay, budget }: BudgetReport): string {
  const rest =
    budget === undefined ? 'no budget' : `of ${money(budget)}, ${money(Math.max(0, budget - spent - underWay))} left`;
  return `${month}  ${money(spent)} spent, at most ${money(underWay)} under way, ${rest}  (${whose})`;
}

function parseSetting(text: string): [string, unknown] {
  const [name, value] = text.split('=', 2);
  if (name === undefined || value === undefined || !SETTABLE.includes(name)) {
    throw new UsageError(`Expected name=value with one of ${SETTABLE.join(', ')}; got "${plainText(text, 60)}".`);
  }
  if (value === 'none') return [name, null];
  return [name, name.endsWith('Dollars') ? number(value) : value];
}

/** The amount of one feed's budget in dollars; null for `none`. @throws UsageError naming anything else. */
export function feedDollars(settings: readonly string[]): number | null {
  const [amount, ...more] = settings;
  if (amount === undefined || more.length > 0)
    throw new UsageError('Expected --feed <url> and one amount in dollars, or none to take it away.');
  return amount === 'none' ? null : number(amount);
}

function number(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text))
    throw new UsageError(`Expected an amount in dollars such as 12.50; got "${plainText(text, 40)}".`);
  return Number(text);
}

/** `$0.0045`, `$12.30`. */
export function money(dollars: number): string {
  return `$${dollars !== 0 && dollars < 0.1 ? dollars.toFixed(4) : dollars.toFixed(2)}`;
}
