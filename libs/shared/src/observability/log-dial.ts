import type { LogLevel } from '#shared/contracts/log-level';
import { MINUTE } from '#shared/config/defaults';

/** How long SIGUSR2 changes the level, in milliseconds. */
const SIGNAL_MS = 10 * MINUTE;

/** What a dial turns: pino's logger, and those made from it. */
export interface Dialled {
  level: string;
}

/** Changes the log level for a while, and back to the configured one. Jobs that run keep theirs; the next ones have the new. */
export class LogDial {
  readonly #logger: Dialled;
  readonly #configured: string;
  #timer: NodeJS.Timeout | undefined;

  constructor(logger: Dialled) {
    this.#logger = logger;
    this.#configured = logger.level;
  }

  turn(level: LogLevel, ms: number): void {
    clearTimeout(this.#timer);
    this.#logger.level = level;
    this.#timer = setTimeout(() => this.reset(), ms).unref();
  }

  reset(): void {
    clearTimeout(this.#timer);
    this.#logger.level = this.#configured;
  }

  /** `kill -USR2 <pid>`: debug for ten minutes, or back at once. */
  obeySignal(): void {
    process.on('SIGUSR2', () => {
      if (this.#logger.level === this.#configured) this.turn('debug', SIGNAL_MS);
      else this.reset();
    });
  }
}
