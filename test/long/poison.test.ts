import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type PoisonReport, runPoison } from '../poison/run-poison.ts';

jest.setTimeout(600_000);

describe('poisoned messages, artifacts, audio files and feeds', () => {
  let report: PoisonReport;

  beforeAll(async () => {
    report = await runPoison({ messages: 104, files: 40, seed: 20_260_101, settleMs: 120_000 });
  });

  test('are all read', () => {
    expect(report).toMatchObject({ messages: 104, feeds: 20 });
    expect(Object.keys(report.rejected).length).toBeGreaterThan(5);
  });

  test('crash no service', () => expect(report.crashed).toEqual([]));

  test('leave no consumer stuck', () => expect(report.unsettled).toEqual([]));

  test('are each processed, or rejected with a reason', () => expect(report.misjudged).toEqual([]));
});
