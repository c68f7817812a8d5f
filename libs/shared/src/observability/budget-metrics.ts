import { Counter, Gauge, type Registry } from 'prom-client';
import type { BudgetObserver } from '#shared/rate-limit/budget';

/** What the calls of one endpoint used and cost, and how far this month's budget is used. */
export function budgetMetrics(registry: Registry, endpoint: string): BudgetObserver {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, label?: Label) =>
    new Counter({ name, help, labelNames: ['endpoint', ...(label === undefined ? [] : [label])], registers });
  const dollars = counter('podline_api_cost_dollars_total', 'Cost of answered calls at list price, in US dollars.');
  const tokens = counter('podline_api_tokens_total', 'Tokens the provider counted, by direction.', 'direction');
  const audio = counter('podline_api_audio_seconds_total', 'Seconds of audio sent to the provider.');
  const reached = counter('podline_budget_reached_total', 'Calls a budget did not hold, by whose it was.', 'scope');
  const spent = new Gauge({
    name: 'podline_budget_spent_dollars',
    help: 'Spent this calendar month (UTC) in the whole cluster, as last seen by this replica.',
    registers,
  });
  const budget = new Gauge({
    name: 'podline_budget_dollars',
    help: 'What may be spent in a calendar month; NaN without a budget.',
    registers,
  });
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
