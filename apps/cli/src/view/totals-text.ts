import type { Totals } from '../batch/totals.ts';
import { money } from '../commands/budget.ts';
import { clock } from './clock.ts';

/** `12 of 30 done, 1 failed, 5 at work, 12 waiting`. */
export function countsText({ byStatus, episodes, queued }: Totals): string {
  const { done = 0, failed = 0, cancelled = 0, accepted = 0 } = byStatus;
  const atWork = (byStatus.downloading ?? 0) + (byStatus.transcribing ?? 0) + (byStatus.summarizing ?? 0);
  const rest: [number, string][] = [
    [failed, 'failed'],
    [cancelled, 'cancelled'],
    [atWork, 'at work'],
    [accepted + queued, 'waiting'],
  ];
  const parts = rest.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
  return [`${done} of ${episodes + queued} done`, ...parts].join(', ');
}

/** How long it will take, and how fast it goes, which a narrow terminal cuts off; nothing of what is not known. */
export function paceText({ rate, etaSeconds }: Totals): string[] {
  return [
    ...(etaSeconds === undefined || etaSeconds === 0 ? [] : [`ETA ${clock(etaSeconds)}`]),
    ...(rate === undefined ? [] : [`${rate.toFixed(1)}x real time`]),
  ];
}

export function costText({ dollars, unpricedCalls }: Totals): string[] {
  const unpriced = unpricedCalls === undefined ? '' : `${unpricedCalls} calls without a known price`;
  if (dollars === undefined) return unpriced === '' ? [] : [unpriced];
  return [`${money(dollars)} so far${unpriced === '' ? '' : ` and ${unpriced}`}`];
}

/** All of it in one line. */
export function totalsLine(totals: Totals): string {
  const { secondsDone, secondsLeft } = totals.stages.transcribe;
  const share =
    secondsDone + secondsLeft > 0 ? Math.floor((100 * secondsDone) / (secondsDone + secondsLeft)) : undefined;
  const transcribed = share === undefined ? [] : [`${share} % transcribed`];
  return [countsText(totals), ...transcribed, ...paceText(totals), ...costText(totals)].join('  ');
}
