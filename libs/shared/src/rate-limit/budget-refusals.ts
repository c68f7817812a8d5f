import { MINUTE } from '#shared/config/defaults';
import { PermanentError, RetryableError } from '#shared/errors';
import { type BudgetAccount, committed } from './budget-account.ts';
import { type BudgetSettings, MICRO } from './budget-settings.ts';

export const BUDGET_REACHED = 'budget-reached';

/** A job that waits for money asks again after this, in milliseconds; raising the budget is noticed within it. */
const WAIT_MS = 1 * MINUTE;

/**
 * The error of a call the budget does not hold. Jobs of a feed never wait: they would hold places in the queue that other
 * feeds' jobs need.
 */
export function budgetReached(
  account: BudgetAccount,
  budget: number,
  amount: number,
  { whenReached }: BudgetSettings,
): PermanentError | RetryableError {
  const { feed, month } = account;
  const whose = feed === undefined ? 'monthly budget' : `monthly budget of the feed ${feed}`;
  const setting = feed === undefined ? 'monthlyDollars=…' : `--feed ${feed} <dollars>`;
  const message =
    `The ${whose} of ${inDollars(budget)} does not hold this call, which may cost ${inDollars(amount)}: ` +
    `${inDollars(committed(account))} are spent or under way in ${month} (UTC). ` +
    `It begins anew with the next month; to raise it: podline budget set ${setting}`;
  if (whenReached === 'fail' || feed !== undefined) {
    return new PermanentError(BUDGET_REACHED, `${message}, then podline dead replay --reason ${BUDGET_REACHED}`);
  }
  return new RetryableError(BUDGET_REACHED, message, { delayMs: WAIT_MS, blameless: true });
}

export function priceUnknown(model: string): PermanentError {
  return new PermanentError(
    'price-unknown',
    `There is a budget, and the price of "${model}" is not known. Choose a model of the price list, or allow such calls with ` +
      '"podline budget set unpriced=allow": they count as free.',
  );
}

export function accountUnreadable(feed: string | undefined): RetryableError {
  const whose = feed === undefined ? '' : ` of ${feed}`;
  return new RetryableError(
    'budget-unreadable',
    `What was spent this month${whose} can't be read, so nothing more is. Say what it was: podline budget spent ${feed === undefined ? '' : `--feed ${feed} `}<dollars>`,
    { delayMs: WAIT_MS, blameless: true },
  );
}

/** `$0.0045`, `$12.30`: two decimals, or as many as a small amount needs. */
function inDollars(micro: number): string {
  const amount = micro / MICRO;
  return `$${amount !== 0 && amount < 0.1 ? amount.toFixed(4) : amount.toFixed(2)}`;
}
