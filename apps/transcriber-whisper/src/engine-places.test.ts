import { describe, expect, test } from '@jest/globals';
import { CancelledError } from '#shared/errors';
import type { EnginePlace } from '#shared/transcription/transcribe-chunk';
import { EnginePlaces } from './engine-places.ts';

const never = new AbortController().signal;

/** A job with a place, which ends when it is told to. */
function startJob(places: EnginePlaces) {
  const begun = Promise.withResolvers<EnginePlace>();
  const end = Promise.withResolvers<void>();
  const ended = places.withPlace(async (place) => {
    begun.resolve(place);
    await end.promise;
  });
  return {
    place: begun.promise,
    end: () => (end.resolve(), ended),
    fail: (error: Error) => (end.reject(error), ended),
  };
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
    const { places, place } = await busy();
    const order: string[] = [];
    const [second, third] = await Promise.all([startJob(places).place, startJob(places).place]);
    const entered = [
      second.enter(never).then(() => order.push('second')),
      third.enter(never).then(() => order.push('third')),
    ];
    expect(order).toEqual([]);
    place.leave();
    await entered[0];
    expect(order).toEqual(['second']);
    second.leave();
    await entered[1];
    expect(order).toEqual(['second', 'third']);
  });

  test('get the engine of a job that failed', async () => {
    const { places, job } = await busy();
    const next = await startJob(places).place;
    const entered = next.enter(never);
    await expect(job.fail(new Error('no words'))).rejects.toThrow('no words');
    await entered;
    expect(places.accepts(1)).toBe(false);
  });

  test('are given back when the replica stops, and the one at work is not', async () => {
    const { places, job } = await busy();
    const next = await startJob(places).place;
    const entered = next.enter(never);
    places.stop();
    await expect(entered).rejects.toBeInstanceOf(CancelledError);
    await job.end();
  });
});
