import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where things are in a checkout, found from this file: it runs from `dist/` and, in tests, from its source. */
export interface Paths {
  /** Root of the checkout. */
  root: string;
  /** State of the local stack: NATS' store, logs, what runs. */
  state: string;
  /** Where finished transcripts are written. */
  transcripts: string;
  models: string;
  examples: string;
}

export function findPaths(start: string = import.meta.dirname): Paths {
  let root = start;
  while (!existsSync(join(root, 'package-lock.json'))) {
    const parent = dirname(root);
    if (parent === root) throw new Error(`podline's checkout was not found above ${start}.`);
    root = parent;
  }
  return {
    root,
    state: join(root, '.podline'),
    transcripts: join(root, 'transcripts'),
    models: join(root, 'models'),
    examples: join(root, 'examples'),
  };
}
