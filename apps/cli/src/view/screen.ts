/** Where lines go: a terminal where they can be rewritten, or a pipe where they can only be added. */
export interface Screen {
  /** Replaces the lines shown last. */
  update(lines: readonly string[]): void;
  /** Leaves the last lines standing. */
  settle(): void;
}

/** Least time between two reports to a pipe, in milliseconds. */
const PIPE_INTERVAL_MS = 5000;

export function createScreen(out: NodeJS.WriteStream): Screen {
  return out.isTTY ? new TerminalScreen(out) : new PipeScreen(out);
}

class TerminalScreen implements Screen {
  readonly #out: NodeJS.WriteStream;
  #shown = 0;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  update(lines: readonly string[]): void {
    const width = Math.max(20, this.#out.columns ?? 80);
    const up = this.#shown > 0 ? `\u001b[${this.#shown}A` : '';
    // A line that wraps would break the way back up, so it is cut.
    this.#out.write(`${up}\r\u001b[J${lines.map((line) => `${line.slice(0, width - 1)}\n`).join('')}`);
    this.#shown = lines.length;
  }

  settle(): void {
    this.#shown = 0;
  }
}

class PipeScreen implements Screen {
  readonly #out: NodeJS.WriteStream;
  #last = -PIPE_INTERVAL_MS;
  #pending: readonly string[] = [];
  #written = '';

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  update(lines: readonly string[]): void {
    this.#pending = lines;
    if (performance.now() - this.#last >= PIPE_INTERVAL_MS) this.#write();
  }

  settle(): void {
    this.#write();
  }

  #write(): void {
    const text = this.#pending.map((line) => `${line}\n`).join('');
    if (text === this.#written) return;
    this.#out.write(text);
    this.#written = text;
    this.#last = performance.now();
  }
}
