import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { rechunk } from './rechunk.ts';

describe('rechunk', () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });
  const size = fc.integer({ min: 1, max: 30 });

  test('gives the same bytes in pieces of one size, whatever pieces they came in', async () => {
    const property = fc.asyncProperty(parts, size, async (given, bytes) => {
      const pieces = await collect(rechunk(each(given), bytes));
      expect(Buffer.concat(pieces).equals(Buffer.concat(given))).toBe(true);
      for (const piece of pieces.slice(0, -1)) expect(piece).toHaveLength(bytes);
      expect(pieces.every(({ length }) => length > 0)).toBe(true);
    });
    await fc.assert(property);
  });

  test('cuts bytes in memory at the same places', async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), size, async (whole, bytes) => {
      expect(await lengths(rechunk(whole, bytes))).toEqual(await lengths(rechunk(each([whole]), bytes)));
    });
    await fc.assert(property);
  });
});

async function* each(parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

/** Kept as they are until the end, so that a piece whose memory is used again would show. */
async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const collected: Uint8Array[] = [];
  for await (const piece of pieces) collected.push(piece);
  return collected;
}

async function lengths(pieces: AsyncIterable<Uint8Array>): Promise<number[]> {
  return (await collect(pieces)).map(({ length }) => length);
}
