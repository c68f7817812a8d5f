/** One comparison: what was measured over what it is held against, in one run, side by side. */
export interface Ratio {
  what: string;
  /** One for each repetition. */
  values: readonly number[];
  /** Where it must come out, and on which side of it. */
  aim?: { atLeast: number } | { atMost: number };
}

export interface BenchResult {
  /** Columns of the table, in their order. */
  head: readonly string[];
  rows: readonly (readonly string[])[];
  ratios: readonly Ratio[];
  /** What a reader must know to judge the figures. */
  notes: readonly string[];
}

export interface Bench {
  /** Given on the command line, and the key in the JSON. */
  name: string;
  title: string;
  /** @param repetitions of everything that is compared, in turn, so that a slow minute meets all sides. */
  run: (repetitions: number) => Promise<BenchResult>;
}
