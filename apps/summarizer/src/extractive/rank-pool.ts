import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CancelledError } from '#shared/errors';
import type { Part } from './analyse-part.ts';
import type { RankedPart } from './rank-part.ts';

/** The worker is a file beside this one, with the same extension: `.js` where compiled, `.ts` where run from source. */
const WORKER = new URL(`./rank-worker${extname(import.meta.url)}`, import.meta.url);

/** A part takes little memory for long: without this, a thread keeps 48 MB for what it has already thrown away. */
const YOUNG_MEGABYTES = 8;

interface Task {
  part: Part;
  resolve(ranked: RankedPart): void;
  reject(error: unknown): void;
}

/**
 * Threads that rank parts of transcripts: at most `size`, however many transcripts are worked on at once. They start when
 * first needed and keep no process alive.
 */
export class RankPool {
  readonly #size: number;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Task>();
  readonly #waiting: Task[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  /** Threads that are running now, busy or not. */
  get threads(): number {
    return this.#idle.length + this.#busy.size;
  }

  /**
   * Ranks every part.
   * @returns In the order of the parts.
   * @throws CancelledError where the signal is aborted; what still waits is given up.
   */
  async rankAll(parts: readonly Part[], signal: AbortSignal): Promise<RankedPart[]> {
    if (signal.aborted) throw new CancelledError();
    const tasks: Task[] = [];
    const cancel = (): void => this.#giveUp(tasks);
    signal.addEventListener('abort', cancel, { once: true });
    const results = parts.map((part) => {
      const { promise, resolve, reject } = Promise.withResolvers<RankedPart>();
      tasks.push({ part, resolve, reject });
      return promise;
    });
    this.#waiting.push(...tasks);
    this.#assign();
    try {
      return await Promise.all(results);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Stops all threads; what they work on fails as cancelled. */
  async close(): Promise<void> {
    const workers = [...this.#idle, ...this.#busy.keys()];
    this.#giveUp([...this.#waiting, ...this.#busy.values()]);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #giveUp(tasks: readonly Task[]): void {
    for (const task of tasks) {
      const at = this.#waiting.indexOf(task);
      if (at !== -1) this.#waiting.splice(at, 1);
      task.reject(new CancelledError());
    }
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? (this.#busy.size < this.#size ? this.#start() : undefined);
      if (worker === undefined) return;
      const task = this.#waiting.shift()!;
      this.#busy.set(worker, task);
      worker.ref();
      worker.postMessage(task.part, []);
    }
  }

  #start(): Worker {
    const worker = new Worker(WORKER, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } });
    worker.on('message', (ranked: RankedPart) => {
      this.#busy.get(worker)?.resolve(ranked);
      this.#busy.delete(worker);
      worker.unref();
      this.#idle.push(worker);
      this.#assign();
    });
    worker.on('error', (error: Error) => {
      this.#lose(worker, new Error(`A thread of the summarizer failed: ${error.message}`, { cause: error }));
    });
    worker.on('exit', (code) =>
      this.#lose(worker, new Error(`A thread of the summarizer ended early, with code ${code}.`)),
    );
    return worker;
  }

  #lose(worker: Worker, error: Error): void {
    this.#busy.get(worker)?.reject(error);
    this.#busy.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at !== -1) this.#idle.splice(at, 1);
    this.#assign();
  }
}
