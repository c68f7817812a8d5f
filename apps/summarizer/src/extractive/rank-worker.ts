import { parentPort } from 'node:worker_threads';
import type { Part } from './analyse-part.ts';
import { rankPart } from './rank-part.ts';

parentPort?.on('message', (part: Part) => {
  const ranked = rankPart(part);
  const { starts, ends, segments, offsets, terms, forms } = ranked.analysis;
  // The number arrays are handed over, not copied.
  const handedOver = [starts, ends, segments, offsets, terms, forms, ranked.ranks];
  parentPort?.postMessage(
    ranked,
    handedOver.map((array) => array.buffer),
  );
});
