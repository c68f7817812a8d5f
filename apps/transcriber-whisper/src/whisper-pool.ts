import { asError, CancelledError, PermanentError } from '#shared/errors';
import type { Log } from '#shared/observability/log';
import { WhisperServer } from './whisper-server.ts';

export interface WhisperPoolOptions {
  binary: string;
  workers: number;
  threads: number;
  /** Finds the file of a model. */
  modelFile: (model: string) => Promise<string>;
  observer?: EngineObserver | undefined;
  log: Log;
}

/** Why an engine was replaced: only `interrupted`, where its chunk was called off, is nobody's fault. */
export type RestartReason = 'died' | 'failed-chunk' | 'interrupted';

/** Told of what happens to engines. */
export interface EngineObserver {
  restarted(reason: RestartReason): void;
  /** @param seconds from starting the process to its model being loaded. */
  loaded(seconds: number): void;
}

interface Worker {
  server: WhisperServer | undefined;
  model: string | undefined;
}

/** The engines of a replica. Each is lent to one chunk at a time, and comes back alive or is replaced. */
export class WhisperPool {
  readonly #options: WhisperPoolOptions;
  readonly #free: Worker[];
  readonly #all: readonly Worker[];
  #stopped = false;

  constructor(options: WhisperPoolOptions) {
    this.#options = options;
    this.#all = Array.from({ length: options.workers }, () => ({ server: undefined, model: undefined }));
    this.#free = [...this.#all];
  }

  get size(): number {
    return this.#all.length;
  }

  /** How many engines live. */
  get alive(): number {
    return this.#all.filter((worker) => worker.server?.alive).length;
  }

  /** Whether at least one engine lives. */
  get ready(): boolean {
    return this.alive > 0;
  }

  /** Loads a model into every engine, so that the first chunk does not wait for it. */
  async load(model: string): Promise<void> {
    await Promise.all(this.#all.map((worker) => this.#prepare(worker, model)));
  }

  /**
   * Lends an engine with this model. Work that throws costs the engine its life, unless it has refused the work: after
   * any other error nobody knows whether it still computes, and a new one is there in a second.
   */
  async use<T>(model: string, work: (server: WhisperServer) => Promise<T>): Promise<T> {
    const worker = this.#free.find((one) => one.model === model) ?? this.#free[0];
    if (!worker) throw new Error('No engine is free: more jobs run than there are workers.');
    this.#free.splice(this.#free.indexOf(worker), 1);
    try {
      return await work(await this.#prepare(worker, model));
    } catch (error) {
      if (worker.server && !hasRefused(worker.server, error)) await this.#replace(worker, worker.server, model, error);
      throw error;
    } finally {
      this.#free.push(worker);
    }
  }

  /** Done before the job is given back: a replica without an engine must not take the next one. */
  async #replace(worker: Worker, server: WhisperServer, model: string, why: unknown): Promise<void> {
    const { observer, log } = this.#options;
    const reason = restartReason(server, why);
    log.warn({ reason, lastWords: server.lastWords }, 'Restarting a whisper engine');
    observer?.restarted(reason);
    server.kill();
    worker.server = undefined;
    if (this.#stopped) return;
    try {
      await this.#prepare(worker, model);
    } catch (error) {
      log.error({ err: asError(error).message }, 'A whisper engine could not be restarted; the next chunk tries again');
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#all.map(async (worker) => worker.server?.stop()));
  }

  async #prepare(worker: Worker, model: string): Promise<WhisperServer> {
    if (worker.server?.alive && worker.model === model) return worker.server;
    const { binary, threads, modelFile, observer, log } = this.#options;
    await worker.server?.stop();
    worker.server = undefined;
    const file = await modelFile(model);
    const started = performance.now();
    worker.server = await WhisperServer.start({ binary, threads, modelFile: file, log });
    observer?.loaded((performance.now() - started) / 1000);
    worker.model = model;
    return worker.server;
  }
}

/** It has answered, and computes no more. */
const hasRefused = (server: WhisperServer, error: unknown): boolean => server.alive && error instanceof PermanentError;

function restartReason(server: WhisperServer, error: unknown): RestartReason {
  if (!server.alive) return 'died';
  return error instanceof CancelledError ? 'interrupted' : 'failed-chunk';
}
