import type { ErrorWindow } from './recording-rules.ts';
import { alert, type AlertingRule } from './rule.ts';
import { type RuleSettings, time } from './rule-settings.ts';

interface Burn {
  /** How many times faster than allowed the error budget is used up. */
  rate: number;
  long: ErrorWindow;
  short: ErrorWindow;
}

/** In a month of 30 days: 2 % of the budget in an hour, 5 % in 6 hours; 10 % in a day, and in 3 days. */
const FAST: readonly Burn[] = [
  { rate: 14.4, long: '1h', short: '5m' },
  { rate: 6, long: '6h', short: '30m' },
];
const SLOW: readonly Burn[] = [
  { rate: 3, long: '1d', short: '2h' },
  { rate: 1, long: '3d', short: '6h' },
];

/** The share of episodes done on time: fast burn is worth waking somebody, slow burn a look next morning. */
export function burnRateAlerts(settings: RuleSettings): AlertingRule[] {
  const goal = `${100 * settings.objective} % of the episodes are done within ${settings.onTimeSeconds / 3600} h`;
  const share = '{{ $value | humanizePercentage }} of the episodes that ended were late or failed.';
  return [
    alert('PodlineEpisodesLateFast', {
      severity: 'critical',
      expr: burning(FAST, settings),
      for: time(120, settings),
      summary: 'Most episodes are late or fail',
      description: `${share} At this rate the month’s error budget is gone within days; the objective is: ${goal}.`,
    }),
    alert('PodlineEpisodesLateSlow', {
      severity: 'warning',
      expr: burning(SLOW, settings),
      for: time(3600, settings),
      summary: 'More episodes are late or fail than agreed',
      description: `${share} The objective is: ${goal}.`,
    }),
  ];
}

function burning(burns: readonly Burn[], { objective }: RuleSettings): string {
  // An objective can't be missed by more than everything.
  return burns
    .map(({ rate, long, short }) => {
      const limit = Math.min(0.99, Math.round(rate * (1 - objective) * 1e4) / 1e4);
      const above = (window: ErrorWindow): string => `podline:episode_errors:ratio_rate${window} > ${limit}`;
      return `(${above(long)} and ${above(short)})`;
    })
    .join(' or ');
}
