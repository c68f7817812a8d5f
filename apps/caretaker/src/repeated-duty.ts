import type { Log } from '#shared/observability/log';
import type { Duty } from './duty.ts';
import { keepDoing, pause } from './keep-doing.ts';

export interface RepeatedDutyOptions {
  name: string;
  log: Log;
  /** Said where it fails; it is tried again then. */
  failure: string;
  /** Time between two times, in milliseconds. */
  intervalMs: number;
}

/** A duty that is done again and again. It is always ready: webhooks need not wait for it. */
export function repeatedDuty({ name, log, failure, intervalMs }: RepeatedDutyOptions, work: () => Promise<void>): Duty {
  const stop = new AbortController();
  const { signal } = stop;
  const doing = keepDoing(signal, log, failure, async () => {
    await work();
    await pause(intervalMs, signal);
  });
  return {
    name,
    ready: () => true,
    stop: async () => {
      stop.abort();
      await doing;
    },
  };
}
