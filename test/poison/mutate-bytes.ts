import fc from 'fast-check';

/** A file with single bits turned, a part missing or doubled, its head damaged, or noise in front of it. */
export function mutatedBytes(bases: readonly Buffer[]): fc.Arbitrary<Buffer> {
  return fc.constantFrom(...bases).chain((base) =>
    fc.oneof(
      // One bit in so many bytes.
      fc
        .tuple(fc.constantFrom(20, 300, 5000, 50_000), fc.integer())
        .map(([every, seed]) => bitFlips(base, every, seed)),
      fc.nat({ max: base.length }).map((end) => base.subarray(0, end)),
      fc.nat({ max: base.length }).map((start) => base.subarray(start)),
      fc.uint8Array({ minLength: 1, maxLength: 64 }).map((noise) => {
        const copy = Buffer.from(base);
        copy.set(noise.subarray(0, copy.length), 0);
        return copy;
      }),
      fc.tuple(fc.nat({ max: base.length }), fc.constantFrom(0, 0xff)).map(([at, byte]) => {
        const copy = Buffer.from(base);
        copy.fill(byte, at, Math.min(copy.length, at + 400));
        return copy;
      }),
      fc.tuple(fc.nat({ max: base.length }), fc.nat({ max: base.length })).map(([one, other]) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        return Buffer.concat([base.subarray(0, to), base.subarray(from, to), base.subarray(to)]);
      }),
      fc.uint8Array({ minLength: 1, maxLength: 4096 }).map((noise) => Buffer.concat([noise, base])),
    ),
  );
}

function bitFlips(base: Buffer, every: number, seed: number): Buffer {
  const copy = Buffer.from(base);
  // Knuth's multiplicative hash: where and which bit follows from the seed.
  for (let at = 0, step = seed >>> 0; at < copy.length; at += 1 + (step % (2 * every))) {
    step = Math.imul(step + at + 1, 2_654_435_761) >>> 0;
    copy[at] = (copy[at] ?? 0) ^ (1 << (step >>> 29));
  }
  return copy;
}
