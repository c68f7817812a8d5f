import type { NatsConnection } from '#shared/jetstream/connect';
import {
  type BudgetChange,
  type BudgetOverview,
  type BudgetReport,
  correctSpent,
  setBudget,
  showBudget,
} from '#shared/rate-limit/budget-admin';
import type { BudgetSettings } from '#shared/rate-limit/budget-settings';
import { createLimitsBucket, openLimitsBucket } from '#shared/rate-limit/limits-bucket';

/** What may be spent on paid APIs in a month, and what was. */
export interface BudgetClient {
  show: () => Promise<BudgetOverview>;
  set: (change: BudgetChange, options?: Parameters<typeof setBudget>[2]) => Promise<BudgetSettings>;
  correctSpent: (dollars: number, feed?: string) => Promise<BudgetReport>;
}

/** @param replicas copies of the bucket, where it has to be made. */
export function budgetClient(connection: NatsConnection, replicas: number): BudgetClient {
  const bucket = async () => {
    await createLimitsBucket(connection, replicas);
    return openLimitsBucket(connection);
  };
  return {
    show: async () => showBudget(await bucket(), Date.now()),
    set: async (change, options) => setBudget(await bucket(), change, options),
    correctSpent: async (dollars, feed) => correctSpent(await bucket(), dollars, Date.now(), feed),
  };
}
