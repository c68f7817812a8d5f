import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CancelledError } from '#shared/errors';
import type { EnginePlace } from '#shared/transcription/transcribe-chunk';
import { until } from '../../../test/support/until.ts';
import { EnginePlaces } from './engine-places.ts';

const never = new AbortController().signal;

const jobs: { end: () => Promise<void> }[] = [];

afterEach(async () => {
  await Promise.allSettled(jobs.splice(0).map((job) => job.end()));
});

/** A job with a place, which ends when it is told to. */
function startJob(places: EnginePlaces) {
  const begun = Promise.withResolvers<EnginePlace>();
  const end = Promise.withResolvers<void>();
  const ended = places.withPlace(async (place) => {
    begun.resolve(place);
    await end.promise;
  });
  const job = {
    place: begun.promise,
    end: () => (end.resolve(), ended),
    fail: (error: Error) => (end.reject(error), ended),
  };
  jobs.push(job);
  return job;
}

/** A replica whose only engine works. */
async function busy() {
  const places = new EnginePlaces(1);
  const room = Promise.withResolvers<void>();
  places.onRoom(() => room.resolve());
  const job = startJob(places);
  const place = await job.place;
  await place.enter(never);
  return { places, job, place, room: room.promise };
}

/** A replica whose only engine is nearly done, and the next chunk waits for it. */
async function waiting() {
  const { places, job, place, room } = await busy();
  place.progress(0.99);
  await room;
  const next = await startJob(places).place;
  return { places, job, entered: next.enter(never) };
}

describe('chunks in front of the engines', () => {
  test('are taken while an engine is idle, and not while all work', async () => {
    const { places } = await busy();
    expect([places.accepts(0), places.accepts(1)]).toEqual([true, false]);
  });

  test('are taken for an engine that will be free in a moment, one for each', async () => {
    const { places, place, room } = await busy();
    place.progress(0.99);
    await room;
    expect([places.accepts(1), places.accepts(2)]).toEqual([true, false]);
  });

  test('are not taken for one that still works for long', async () => {
    const { places, place } = await busy();
    await new Promise(setImmediate);
    place.progress(1e-9);
    await new Promise(setImmediate);
    expect(places.accepts(1)).toBe(false);
    place.leave();
  });

  test('are taken while the one before is being stored, but not two', async () => {
    const { places, job, place, room } = await busy();
    place.leave();
    await room;
    expect([places.accepts(1), places.accepts(2)]).toEqual([true, false]);
    await job.end();
    expect([places.accepts(0), places.accepts(1)]).toEqual([true, false]);
  });

  test('get the engine in the order they came, as soon as it is left', async () => {
    const places = new EnginePlaces(2);
    const order: string[] = [];
    const [place, other] = await Promise.all([startJob(places).place, startJob(places).place]);
    for (const one of [place, other]) {
      await one.enter(never);
      one.progress(0.99);
    }
    await until(() => places.accepts(3));
    const [second, third] = await Promise.all([startJob(places).place, startJob(places).place]);
    const entered = [
      second.enter(never).then(() => order.push('second')),
      third.enter(never).then(() => order.push('third')),
    ];
    expect(order).toEqual([]);
    place.leave();
    await entered[0];
    expect(order).toEqual(['second']);
    other.leave();
    await entered[1];
    expect(order).toEqual(['second', 'third']);
  });

  test('get the engine of a job that failed', async () => {
    const { places, job, entered } = await waiting();
    await expect(job.fail(new Error('no words'))).rejects.toThrow('no words');
    await entered;
    expect(places.accepts(1)).toBe(false);
  });

  test('are given back when the replica stops, and the one at work is not', async () => {
    const { places, job, entered } = await waiting();
    places.stop();
    await expect(entered).rejects.toBeInstanceOf(CancelledError);
    await job.end();
  });

  describe('that were taken for an engine which stays busy', () => {
    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());

    /** The engine seemed to be nearly done, and works on: a second attempt, or it hangs. */
    async function deceived() {
      const { places, place } = await busy();
      place.progress(0.99);
      await jest.advanceTimersByTimeAsync(0);
      expect(places.accepts(1)).toBe(true);
      return { places, place, next: await startJob(places).place };
    }

    test('are given back after some seconds, and none is taken in their place', async () => {
      const { places, next } = await deceived();
      const entered = next.enter(never);
      const refused = expect(entered).rejects.toBeInstanceOf(CancelledError);
      await jest.advanceTimersByTimeAsync(6000);
      await refused;
      expect(places.accepts(1)).toBe(false);
    });

    test('are given back where their audio took longer than that to read', async () => {
      const { next } = await deceived();
      await jest.advanceTimersByTimeAsync(6000);
      await expect(next.enter(never)).rejects.toBeInstanceOf(CancelledError);
    });

    test('can be taken again when it is nearly done', async () => {
      const { places, place } = await deceived();
      await jest.advanceTimersByTimeAsync(6000);
      place.progress(0.99);
      await jest.advanceTimersByTimeAsync(0);
      expect([places.accepts(1), places.accepts(2)]).toEqual([true, false]);
      place.leave();
      expect([places.accepts(1), places.accepts(2)]).toEqual([true, false]);
    });
  });
});
