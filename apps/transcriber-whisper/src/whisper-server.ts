import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { MINUTE } from '#shared/config/defaults';
import { RetryableError } from '#shared/errors';
import type { Log } from '#shared/observability/log';
import { boundToParent } from '#shared/process/bound-to-parent';
import { freePort } from '#shared/process/free-port';
import { WITHOUT_LEAN_ENV } from '#shared/process/lean-memory';
import { memoryOf } from '#shared/process/memory-of';

const INFERENCE_PATH = '/v1/audio/transcriptions';

/** Longest time a model may take to load from a slow disk. */
const START_TIMEOUT_MS = 5 * MINUTE;
const HEALTH_INTERVAL_MS = 50;
/** What is kept of the engine's own words, to explain its end. */
const TAIL_CHARACTERS = 2000;

export interface WhisperServerOptions {
  /** Path of the whisper-server binary. */
  binary: string;
  modelFile: string;
  threads: number;
  log: Log;
}

/** Passive waiting: an OpenMP thread that spins at a barrier takes the core another engine needs. */
const spawnEngine = (file: string, args: string[]) =>
  execa(file, args, {
    buffer: false,
    reject: false,
    stdin: 'ignore',
    env: { ...WITHOUT_LEAN_ENV, OMP_WAIT_POLICY: 'passive' },
  });

type EngineProcess = ReturnType<typeof spawnEngine>;

/** One whisper-server process with its model in memory. It takes one request at a time. */
export class WhisperServer {
  readonly baseUrl: string;
  readonly #process: EngineProcess;
  readonly #pid: number;
  #onProgress: ((share: number) => void) | undefined;
  #tail = '';
  #end: { signal?: NodeJS.Signals } | undefined;

  private constructor(child: EngineProcess, port: number) {
    this.#process = child;
    this.#pid = child.pid ?? 0;
    this.baseUrl = `http://127.0.0.1:${port}/v1`;
    child.stdout?.resume();
    child.stderr?.on('data', (data: Buffer) => this.#read(data.toString('utf8')));
    void child.then((result) => {
      this.#end = result;
    });
  }

  /** Starts the process and resolves when the model is loaded. @throws RetryableError when it dies or stays silent. */
  static async start(options: WhisperServerOptions): Promise<WhisperServer> {
    const port = await freePort();
    const [file, args] = boundToParent(options.binary, [
      ...['--model', options.modelFile],
      ...['--threads', String(options.threads)],
      ...['--host', '127.0.0.1', '--port', String(port)],
      ...['--inference-path', INFERENCE_PATH],
      '--split-on-word',
      // The probabilities of all languages cost a second pass of the encoder for every chunk.
      '--no-language-probabilities',
      '--print-progress',
    ]);
    const server = new WhisperServer(spawnEngine(file, args), port);
    try {
      await server.#untilHealthy(port);
    } catch (error) {
      server.kill();
      throw error;
    }
    options.log.info(
      { pid: server.#pid, modelFile: options.modelFile, threads: options.threads },
      'Whisper engine ready',
    );
    return server;
  }

  get alive(): boolean {
    return this.#end === undefined;
  }

  /** Whether the process ends within this time: a broken connection is noticed before the end of who broke it. */
  async endsWithin(ms: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([this.#process, promise]);
    clearTimeout(timer);
    return this.#end !== undefined;
  }

  /** Share of the running request that is done, 0 to 1, as often as the engine tells. */
  onProgress(listener: ((share: number) => void) | undefined): void {
    this.#onProgress = listener;
  }

  /** The most memory the process has held, in bytes; undefined where the system does not tell. */
  peakMemoryBytes(): Promise<number | undefined> {
    return memoryOf(this.#pid, 'VmHWM', (path) => readFile(path, 'utf8'));
  }

  /** At once: a hung engine does not listen to polite signals, and there is nothing to save. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.kill();
    await this.#process;
  }

  /** What the engine said last, for the error that reports its end. */
  get lastWords(): string {
    return this.#tail.trim().split('\n').slice(-3).join(' | ');
  }

  async #untilHealthy(port: number): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (performance.now() < deadline) {
      if (this.#end) {
        throw new RetryableError(
          'engine-start',
          `whisper-server ended while starting: ${this.lastWords || 'it said nothing'}`,
          // Whoever killed it, and be it a system that is out of memory: it had not seen the chunk yet.
          { blameless: this.#end.signal === 'SIGKILL' || this.#end.signal === 'SIGTERM' },
        );
      }
      if (await isHealthy(port)) return;
      await new Promise((resolve) => setTimeout(resolve, HEALTH_INTERVAL_MS));
    }
    throw new RetryableError(
      'engine-start',
      `whisper-server did not load its model within ${START_TIMEOUT_MS / 1000} s.`,
    );
  }

  #read(text: string): void {
    for (const match of text.matchAll(/progress\s*=\s*(\d{1,3})%/g))
      this.#onProgress?.(Math.min(1, Number(match[1]) / 100));
    this.#tail = (this.#tail + text).slice(-TAIL_CHARACTERS);
  }
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
