import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { CancelledError } from '#shared/errors';
import type { BlobStore } from './blob-store.ts';

export interface BlobStoreUnderTest {
  store: BlobStore;
  close(): Promise<void>;
}

/**
 * What every blob store must do. `borders` are sizes at which the implementation cuts, where mistakes by one would show.
 */
export function describeBlobStore(name: string, borders: number[], start: () => Promise<BlobStoreUnderTest>): void {
  describe(`${name} as a blob store`, () => {
    let started: BlobStoreUnderTest;
    let store: BlobStore;
    beforeAll(async () => {
      started = await start();
      ({ store } = started);
    });
    afterAll(() => started.close());

    test('gives back what was put, and what is known of it', async () => {
      const info = await store.put('put/a.txt', bytes('hello'), { contentType: 'text/plain' });
      expect(info).toMatchObject({
        key: 'put/a.txt',
        size: 5,
        digest: sha256(bytes('hello')),
        contentType: 'text/plain',
      });
      expect(Math.abs(info.modified.getTime() - Date.now())).toBeLessThan(60_000);
      expect(await store.head('put/a.txt')).toEqual(info);
      expect(text(await store.read('put/a.txt', { maxBytes: 5 }))).toBe('hello');
    });

    test('gives undefined for a key that was never written', async () => {
      expect(await store.head('never')).toBeUndefined();
      expect(await store.open('never')).toBeUndefined();
      expect(await store.read('never', { maxBytes: 1 })).toBeUndefined();
      expect(await store.delete('never')).toBe(false);
    });

    test('stores an empty blob', async () => {
      expect(await store.put('empty', new Uint8Array(0))).toMatchObject({ size: 0, digest: sha256(bytes('')) });
      expect(text(await store.read('empty', { maxBytes: 0 }))).toBe('');
      expect(await collect(store, 'empty')).toHaveLength(0);
    });

    test('replaces a blob by put', async () => {
      await store.put('replaced', bytes('old, and longer'));
      await store.put('replaced', bytes('new'));
      expect(text(await store.read('replaced', { maxBytes: 100 }))).toBe('new');
      expect(await keys(store, 'replaced')).toEqual(['replaced']);
    });

    test('creates a blob once, and tells the second writer what there is', async () => {
      const first = await store.create('once', bytes('first'));
      const second = await store.create('once', bytes('second'));
      expect(first.created).toBe(true);
      expect(second).toEqual({ created: false, info: first.info });
      expect(text(await store.read('once', { maxBytes: 100 }))).toBe('first');
    });

    test('lets exactly one of many writers create a blob', async () => {
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, writer) => store.create('race', trickle([bytes(`writer ${writer}`)]))),
      );
      const winner = results.findIndex(({ created }) => created);
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      expect(text(await store.read('race', { maxBytes: 100 }))).toBe(`writer ${winner}`);
      for (const { info } of results) expect(info.digest).toBe(sha256(bytes(`writer ${winner}`)));
    });

    test('deletes a blob, after which it can be created again', async () => {
      await store.create('deleted', bytes('one'));
      expect(await store.delete('deleted')).toBe(true);
      expect(await store.head('deleted')).toBeUndefined();
      expect(await store.delete('deleted')).toBe(false);
      expect((await store.create('deleted', bytes('two'))).created).toBe(true);
      expect(text(await store.read('deleted', { maxBytes: 100 }))).toBe('two');
    });

    test('lists the blobs below a prefix, without deleted ones', async () => {
      for (const key of ['list/a', 'list/b/c', 'list/gone', 'listing']) await store.put(key, bytes(key));
      await store.delete('list/gone');
      expect(await keys(store, 'list/')).toEqual(['list/a', 'list/b/c']);
      expect(await keys(store, '')).toEqual(expect.arrayContaining(['list/a', 'list/b/c', 'listing']));
      expect(await keys(store, 'nothing/')).toEqual([]);
    });

    test('says how full it is where it is bounded, and not where it is not', async () => {
      const before = await store.usage();
      await store.put('usage/one', Buffer.alloc(100_000));
      const after = await store.usage();
      if (before === undefined) expect(after).toBeUndefined();
      else expect((after?.used ?? 0) - before.used).toBeGreaterThanOrEqual(100_000);
    });

    test('refuses to read more into memory than it was allowed to', async () => {
      await store.put('large', new Uint8Array(1000));
      await expect(store.read('large', { maxBytes: 999 })).rejects.toMatchObject({
        retryable: false,
        reason: 'blob-too-large',
        message: expect.stringMatching(/"large".* 1000 bytes.* 999 /),
      });
    });

    test.each([
      ...['', '/a', '.a', 'a//b', 'a/../b', 'ä', 'a b', 'a*'].map((key) => [JSON.stringify(key), key] as const),
      ['of 257 characters', 'k'.repeat(257)],
    ])('refuses the key %s in every method', async (_name, key) => {
      const refusal = { retryable: false, reason: 'invalid-key' };
      await expect(store.put(key, bytes(''))).rejects.toMatchObject(refusal);
      await expect(store.create(key, bytes(''))).rejects.toMatchObject(refusal);
      await expect(store.head(key)).rejects.toMatchObject(refusal);
      await expect(store.open(key)).rejects.toMatchObject(refusal);
      await expect(store.read(key, { maxBytes: 1 })).rejects.toMatchObject(refusal);
      await expect(store.delete(key)).rejects.toMatchObject(refusal);
    });

    test('takes a key of 256 characters', async () => {
      const key = 'k'.repeat(256);
      await store.put(key, bytes('long'));
      expect(await keys(store, key)).toEqual([key]);
    });

    test('stops writing when told to, closes the source, and shows nothing', async () => {
      const abort = new AbortController();
      const source = new EndlessSource(() => abort.abort());
      await expect(store.put('aborted', source, { signal: abort.signal })).rejects.toBeInstanceOf(CancelledError);
      expect(source.closed).toBe(true);
      expect(await store.head('aborted')).toBeUndefined();
    });

    test('stops writing when told to while the source has nothing to give', async () => {
      const abort = new AbortController();
      const source: AsyncIterable<Uint8Array> = {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            abort.abort();
            return new Promise(() => undefined);
          },
        }),
      };
      await expect(store.put('waiting', source, { signal: abort.signal })).rejects.toBeInstanceOf(CancelledError);
    });

    test('shows nothing of a source that fails, and passes its error on', async () => {
      const failing = async function* () {
        yield new Uint8Array(5000);
        throw new Error('the disk is gone');
      };
      await expect(store.create('failed', failing())).rejects.toThrow('the disk is gone');
      expect(await store.head('failed')).toBeUndefined();
    });

    test('stops reading when told to', async () => {
      await store.put('read-aborted', new Uint8Array(100_000));
      const abort = new AbortController();
      const blob = await store.open('read-aborted', { signal: abort.signal });
      abort.abort();
      await expect(drain(blob?.bytes)).rejects.toBeInstanceOf(CancelledError);
    });

    test('stops reading when told to in the middle', async () => {
      await store.put('read-partly', new Uint8Array(100_000));
      const abort = new AbortController();
      const blob = await store.open('read-partly', { signal: abort.signal });
      let received = 0;
      const read = async () => {
        for await (const piece of blob?.bytes ?? []) {
          received += piece.length;
          abort.abort();
        }
      };
      await expect(read()).rejects.toBeInstanceOf(CancelledError);
      expect(received).toBeGreaterThan(0);
      expect(received).toBeLessThan(100_000);
    });

    test('goes on after a reader that took only a part', async () => {
      await store.put('partly', new Uint8Array(100_000).fill(7));
      const blob = await store.open('partly');
      for await (const piece of blob?.bytes ?? []) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      expect((await collect(store, 'partly')).equals(Buffer.alloc(100_000, 7))).toBe(true);
    });

    test('gives back any bytes of any size, however they came', async () => {
      const sizes = fc.oneof(
        ...borders.map((border) => fc.integer({ min: Math.max(0, border - 2), max: border + 2 })),
        fc.nat(3 * Math.max(...borders)),
      );
      const property = fc.asyncProperty(sizes, fc.array(fc.nat(), { maxLength: 8 }), async (size, cuts) => {
        const whole = noise(size);
        await store.put('property', trickle(cutAt(whole, cuts)));
        expect((await collect(store, 'property')).equals(whole)).toBe(true);
      });
      await fc.assert(property, { numRuns: 40 });
    });
  });
}

/** Gives zeros for ever; calls back with the third piece. */
class EndlessSource implements AsyncIterable<Uint8Array> {
  closed = false;
  readonly #onThird: () => void;

  constructor(onThird: () => void) {
    this.#onThird = onThird;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (let piece = 1; ; piece++) {
        if (piece === 3) this.#onThird();
        yield new Uint8Array(1000);
      }
    } finally {
      this.closed = true;
    }
  }
}

const bytes = (content: string): Buffer => Buffer.from(content);
const text = (content: Uint8Array | undefined): string | undefined => content && Buffer.from(content).toString();
const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

async function* trickle(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

/** Bytes of which no two stretches are alike, so that swapped ones show. */
function noise(size: number): Buffer {
  const whole = Buffer.alloc(size);
  let state = size + 1;
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0; // the constants of ANSI C's rand()
    whole[at] = state >>> 16;
  }
  return whole;
}

function* cutAt(whole: Buffer, cuts: number[]): Generator<Uint8Array> {
  const places = cuts.map((cut) => cut % (whole.length + 1)).toSorted((a, b) => a - b);
  let from = 0;
  for (const to of [...places, whole.length]) {
    yield whole.subarray(from, to);
    from = to;
  }
}

async function collect(store: BlobStore, key: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await store.open(key))?.bytes ?? []) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}

async function drain(pieces: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  for await (const piece of pieces ?? []) void piece;
}

async function keys(store: BlobStore, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(prefix)) found.push(key);
  return found.toSorted();
}
