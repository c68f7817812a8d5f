import { LIMITED, type MetricSpec } from './metric-spec.ts';

/** What paid calls use and cost. The month's budget is shared: take the `max`. */
export const COST_METRICS = {
  podline_api_cost_dollars_total: {
    type: 'counter',
    help: 'Cost of answered calls at list price, in US dollars.',
    labels: ['endpoint'],
    from: LIMITED,
  },
  podline_api_tokens_total: {
    type: 'counter',
    help: 'Tokens the provider counted, by direction: input, output.',
    labels: ['endpoint', 'direction'],
    from: LIMITED,
  },
  podline_api_audio_seconds_total: {
    type: 'counter',
    help: 'Seconds of audio sent to the provider.',
    labels: ['endpoint'],
    from: LIMITED,
  },
  podline_budget_reached_total: {
    type: 'counter',
    help: 'Calls that were not made because a budget did not hold them, by whose it was: all, feed.',
    labels: ['endpoint', 'scope'],
    from: LIMITED,
  },
  podline_budget_spent_dollars: {
    type: 'gauge',
    help: 'Spent this calendar month (UTC) in the whole cluster, as this replica has last seen it.',
    labels: [],
    from: LIMITED,
  },
  podline_budget_dollars: {
    type: 'gauge',
    help: 'What may be spent in a calendar month; NaN without a budget.',
    labels: [],
    from: LIMITED,
  },
} as const satisfies Record<string, MetricSpec>;
