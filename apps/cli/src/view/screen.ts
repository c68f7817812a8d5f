/** Lines on a terminal that are drawn over the last ones. */
export class Screen {
  readonly #out: NodeJS.WriteStream;
  #shown = 0;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  get height(): number {
    return sizeOr(this.#out.rows, 24);
  }

  update(lines: readonly string[]): void {
    const width = Math.max(20, sizeOr(this.#out.columns, 80));
    const up = this.#shown > 0 ? `\u001b[${this.#shown}A` : '';
    // A line that wraps, or more lines than fit, would break the way back up.
    const fitting = lines.slice(0, Math.max(1, this.height - 1)).map((line) => `${line.slice(0, width - 1)}\n`);
    this.#out.write(`${up}\r\u001b[J${fitting.join('')}`);
    this.#shown = fitting.length;
  }
}

/** Some terminals say 0 where they do not know. */
const sizeOr = (size: number | undefined, usual: number): number => (size === undefined || size === 0 ? usual : size);
