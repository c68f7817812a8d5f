import type { Registry } from 'prom-client';
import type { BudgetObserver } from '#shared/rate-limit/budget';
import { counter, gauge } from './instruments.ts';

/** What the calls of one endpoint used and cost, and how far this month's budget is used. */
export function budgetMetrics(registry: Registry, endpoint: string): BudgetObserver {
  const dollars = counter(registry, 'podline_api_cost_dollars_total');
  const tokens = counter(registry, 'podline_api_tokens_total');
  const audio = counter(registry, 'podline_api_audio_seconds_total');
  const reached = counter(registry, 'podline_budget_reached_total');
  const spent = gauge(registry, 'podline_budget_spent_dollars');
  const budget = gauge(registry, 'podline_budget_dollars');
  // A counter that appears with its first event has no rate for it: begin with 0.
  for (const metric of [dollars, audio]) metric.inc({ endpoint }, 0);
  for (const direction of ['input', 'output']) tokens.inc({ endpoint, direction }, 0);
  for (const scope of ['all', 'feed']) reached.inc({ endpoint, scope }, 0);
  budget.set(Number.NaN);
  return {
    charged: (cost) => {
      dollars.inc({ endpoint }, cost.dollars ?? 0);
      tokens.inc({ endpoint, direction: 'input' }, cost.inputTokens);
      tokens.inc({ endpoint, direction: 'output' }, cost.outputTokens);
      audio.inc({ endpoint }, cost.audioSeconds);
    },
    reached: (scope) => reached.inc({ endpoint, scope }),
    spent: (now, allowed) => {
      spent.set(now);
      budget.set(allowed ?? Number.NaN);
    },
  };
}
