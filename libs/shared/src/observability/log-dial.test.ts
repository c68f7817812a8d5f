import { describe, expect, jest, test } from '@jest/globals';
import { LogDial } from './log-dial.ts';

describe('LogDial', () => {
  test('goes back to the configured level when the time is over', () => {
    jest.useFakeTimers();
    const logger = { level: 'warn' };
    const dial = new LogDial(logger);
    dial.turn('debug', 1000);
    expect(logger.level).toBe('debug');
    // A newer wish has its own time.
    dial.turn('trace', 5000);
    jest.advanceTimersByTime(1500);
    expect(logger.level).toBe('trace');
    jest.advanceTimersByTime(5000);
    expect(logger.level).toBe('warn');
    jest.useRealTimers();
  });
});
