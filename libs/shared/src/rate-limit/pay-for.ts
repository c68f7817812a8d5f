import type { CallCost } from '#shared/contracts/cost';
import { PodlineError } from '#shared/errors';
import type { Budget, Expense } from './budget.ts';

/** What becomes of the money set aside for a call. */
export interface Bill {
  /** To be called when the request leaves: from here on it may have to be paid for. */
  sent: () => void;
  /** To be called where the provider answered with an error: that is free. */
  refused: () => void;
  /** To be called with what the answer cost. */
  cost: (cost: CallCost) => void;
}

/**
 * Makes one call that is paid for: sets the money aside first, and settles it whatever happens. A call that was sent and
 * never answered counts as paid, since nobody knows.
 * @throws what `Budget.setAside` and the call throw.
 */
export async function payFor<T>(budget: Budget, expense: Expense, call: (bill: Bill) => Promise<T>): Promise<T> {
  const money = await budget.setAside(expense);
  let spent: number | undefined = 0;
  try {
    return await call({
      sent: () => {
        spent = undefined;
      },
      refused: () => {
        spent = 0;
      },
      cost: (cost) => {
        spent = cost.dollars;
        budget.charged(cost);
      },
    });
  } catch (error) {
    // What is refused for good, here or there, was not worked on.
    if (error instanceof PodlineError && !error.retryable) spent = 0;
    throw error;
  } finally {
    await money.settle(spent);
  }
}
