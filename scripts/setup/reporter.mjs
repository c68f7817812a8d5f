const NAME_WIDTH = 15;
const DETAIL_WIDTH = 72;
const REDRAW_MS = 1000;
/** In a pipe a line is printed at every so many hundredths of a step's progress. */
const PIPE_STRIDE = 0.1;

/**
 * @typedef {object} StepReport
 * @property {(text: string, fraction?: number) => void} progress what the step does now, and how far it is (0 to 1)
 * @property {(detail: string, changed: boolean) => void} done `changed`: the step did something
 * @property {(message: string) => void} failed
 */

/**
 * One finished step as a line: sign, name, what and which version, seconds.
 * @param {string} sign
 * @param {string} name
 * @param {string} detail
 * @param {number} seconds
 */
export function formatLine(sign, name, detail, seconds) {
  return `  ${sign} ${name.padEnd(NAME_WIDTH)} ${detail.padEnd(DETAIL_WIDTH)} ${seconds.toFixed(1).padStart(6)} s`;
}

/**
 * What a step does now: its text, percentage if known, and elapsed time.
 * @param {string} name
 * @param {string} text
 * @param {number | undefined} fraction
 * @param {number} seconds
 */
export function formatProgress(name, text, fraction, seconds) {
  const percent = fraction === undefined ? '' : ` ${Math.floor(fraction * 100)} %`;
  return `${name}: ${text}${percent} (${Math.floor(seconds)} s)`;
}

/**
 * Whether progress is worth a line where lines can't be redrawn: new words, or another tenth of the way.
 * @param {{ text: string, fraction: number | undefined } | undefined} shown
 * @param {{ text: string, fraction: number | undefined }} next
 */
export function isWorthALine(shown, next) {
  if (shown === undefined || shown.text !== next.text) return true;
  if (next.fraction === undefined) return false;
  return Math.floor(next.fraction / PIPE_STRIDE) > Math.floor((shown.fraction ?? 0) / PIPE_STRIDE);
}

/** Prints the steps: one line each when it ends, and in between, on a terminal, one live line for all that run. */
export class Reporter {
  /** @type {Map<string, { text: string, fraction: number | undefined, since: number }>} */
  #running = new Map();
  #stream;
  #quiet;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {{ stream: NodeJS.WriteStream, quiet?: boolean }} options `quiet`: say nothing of steps that had nothing to do
   */
  constructor({ stream, quiet = false }) {
    this.#stream = stream;
    this.#quiet = quiet;
  }

  /** @param {string} text */
  line(text) {
    this.#clear();
    this.#stream.write(`${text}\n`);
    this.#draw();
  }

  /** @param {string} name @returns {StepReport} */
  start(name) {
    const since = performance.now();
    const seconds = () => (performance.now() - since) / 1000;
    /** @type {{ text: string, fraction: number | undefined } | undefined} */
    let shown;
    return {
      progress: (text, fraction) => {
        this.#running.set(name, { text, fraction, since });
        const now = { text, fraction };
        if (this.#stream.isTTY) this.#redraw();
        else if (isWorthALine(shown, now)) this.line(`    ${formatProgress(name, text, fraction, seconds())}`);
        if (isWorthALine(shown, now)) shown = now;
      },
      done: (detail, changed) => {
        this.#end(name);
        if (changed || !this.#quiet) this.line(formatLine('✓', name, detail, seconds()));
      },
      failed: (message) => {
        this.#end(name);
        this.line(`  ✗ ${name.padEnd(NAME_WIDTH)} ${message}`);
      },
    };
  }

  /** @param {string} name */
  #end(name) {
    this.#clear();
    this.#running.delete(name);
    if (this.#running.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #redraw() {
    this.#timer ??= setInterval(() => this.#draw(), REDRAW_MS).unref();
    this.#draw();
  }

  #clear() {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[K');
  }

  #draw() {
    if (!this.#stream.isTTY || this.#running.size === 0) return;
    const now = performance.now();
    const parts = [...this.#running].map(([name, { text, fraction, since }]) =>
      formatProgress(name, text, fraction, (now - since) / 1000),
    );
    const width = (this.#stream.columns || 80) - 1;
    this.#stream.write(`\r\u001b[K${`    ${parts.join(' · ')}`.slice(0, width)}`);
  }
}
