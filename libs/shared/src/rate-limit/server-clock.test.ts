import { beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ServerClock } from './server-clock.ts';

const LAYOUT = { windowMs: 60_000, guardMs: 1500, slots: 60 };

let mono: number;
let clock: ServerClock;
/** The server's time at monotonic 0. */
let server: number;

beforeEach(() => {
  mono = 5000;
  server = 1_800_000_000_000;
  clock = new ServerClock(
    () => mono,
    () => LAYOUT,
  );
});

/** A message goes out now, is dated after `outMs` and acknowledged after `backMs` more. */
function sample(outMs: number, backMs: number): void {
  const sentAt = mono;
  const created = server + mono + outMs;
  mono += outMs + backMs;
  clock.add({ sentAt, receivedAt: mono, created });
}

describe('the server’s clock', () => {
  test('is unknown before the first sample', () => expect(clock.now()).toBeUndefined());

  test('is never ahead, and behind by no more than the quickest way back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 })), {
          minLength: 1,
          maxLength: 12,
        }),
        (ways) => {
          clock = new ServerClock(
            () => mono,
            () => LAYOUT,
          );
          for (const [out, back] of ways) {
            sample(out, back);
            mono += 5000;
          }
          const behind = server + mono - (clock.now() ?? Infinity);
          expect(behind).toBeGreaterThanOrEqual(0);
          expect(behind).toBeLessThanOrEqual(300);
        },
      ),
    );
  });

  test('a delayed acknowledgement does not spoil a good sample', () => {
    sample(1, 1);
    sample(1, 900);
    expect(clock.now()).toBeCloseTo(server + mono - 1, 6);
    expect(clock.uncertaintyMs).toBe(2);
  });

  test('a small step forward is made up for slowly', () => {
    sample(0, 0);
    server += 300;
    sample(0, 0);
    expect(clock.now()).toBeCloseTo(server - 300 + mono, 3);
    mono += 20_000;
    expect(clock.now()).toBeCloseTo(server - 200 + mono, 3);
    mono += 200_000;
    expect(clock.now()).toBeCloseTo(server + mono, 3);
  });

  test('a large step forward closes it for a window and its guard', () => {
    sample(0, 0);
    server += 30_000;
    sample(0, 0);
    expect(clock.now()).toBeUndefined();
    mono += LAYOUT.windowMs + 2 * LAYOUT.guardMs;
    expect(clock.now()).toBeUndefined();
    mono += LAYOUT.guardMs;
    expect(clock.now()).toBe(server + mono);
  });

  test('a step back is taken once the samples from before it are forgotten', () => {
    sample(0, 0);
    server -= 30_000;
    for (let count = 0; count < 11; count++) sample(0, 0);
    expect(clock.now()).toBe(server + 30_000 + mono);
    sample(0, 0);
    expect(clock.now()).toBe(server + mono);
  });
});
