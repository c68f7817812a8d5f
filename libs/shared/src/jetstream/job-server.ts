import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { Subscription } from 'nats';
import { lastValueFrom } from 'rxjs';
import { allJobSubjects } from '#shared/contracts/subjects';
import { asError } from '#shared/errors';
import type { Log } from '#shared/observability/log';
import type { ConnectionMonitor } from './connection-monitor.ts';
import { type ConsumerSettings, ensureConsumers } from './consumers.ts';
import { isTimeout } from './nats-errors.ts';
import { Doorbell } from './doorbell.ts';
import type { Intake } from './intake.ts';
import type { JobContext } from './job-context.ts';
import { JobRunner, type JobRunnerOptions } from './job-runner.ts';
import { JobSlots } from './job-slots.ts';
import { JobPuller, type PulledJob } from './pull-jobs.ts';
import { retryDelayMs, type RetryPolicy } from './retry-delay.ts';

export interface JobServerOptions extends ConsumerSettings, Omit<JobRunnerOptions, 'handle' | 'shutdown' | 'queue'> {
  monitor: ConnectionMonitor;
  slots: number;
  /** Jobs that may be taken beyond the slots, where the intake accepts them; by default none. */
  ahead?: number | undefined;
  /** Whether another job may be taken although a slot is free; by default always. */
  intake?: Intake | undefined;
  /** Milliseconds running jobs get to finish once the service stops. */
  graceMs: number;
  idlePollMs: number;
  log: Log;
}

/** Longest wait for the answer to a pull that asks not to wait, in milliseconds; also what a stop may wait for. */
const PULL_TIMEOUT_MS = 2000;
/** Before a server in trouble is asked again: doubled each time, and varied, so that replicas don't ask together. */
const RECOVERY: RetryPolicy = { baseMs: 1000, capMs: 15_000 };

/**
 * Nest's transport over JetStream work queues: one queue, one handler (`@EventPattern<string>('<queue>')`), a fixed
 * number of slots. A handler that returns has its job acked; one that throws has it settled by the error it threw.
 */
export class JobServer extends Server implements CustomTransportStrategy {
  readonly #options: JobServerOptions;
  readonly #doorbell = new Doorbell();
  /** Aborted when no more jobs are taken. */
  readonly #noMoreJobs = new AbortController();
  /** Aborted when the jobs that run must end. */
  readonly #endRunning = new AbortController();
  #slots: JobSlots<PulledJob> | undefined;
  #bells: Subscription[] = [];
  #ready = false;
  #pulling = 0;
  /** How often in a row the server could not be asked for jobs. */
  #troubles = 0;
  #recovery: Promise<void> | undefined;

  constructor(options: JobServerOptions) {
    super();
    this.#options = options;
  }

  /** Whether jobs can be taken: connected, and the consumers exist. */
  get ready(): boolean {
    return this.#ready && this.#options.monitor.connected && !this.#noMoreJobs.signal.aborted;
  }

  get running(): number {
    return this.#slots?.running ?? 0;
  }

  override addHandler(pattern: string, callback: MessageHandler, isEventHandler?: boolean): void {
    if (pattern !== this.#options.queue || this.messageHandlers.has(pattern)) {
      throw new Error(`Expected exactly one handler, for "${this.#options.queue}"; got one more, for "${pattern}".`);
    }
    super.addHandler(pattern, callback, isEventHandler);
  }

  async listen(callback: (error?: Error) => void): Promise<void> {
    try {
      await this.#start();
      callback();
    } catch (error) {
      callback(asError(error));
    }
  }

  /** Stops pulling, lets running jobs finish within the grace period, gives the rest back at once. */
  async close(): Promise<void> {
    this.#noMoreJobs.abort();
    this.#options.intake?.stop?.();
    const grace = setTimeout(() => this.#endRunning.abort(), this.#options.graceMs);
    await this.#slots?.drain();
    clearTimeout(grace);
    this.#endRunning.abort();
    for (const bell of this.#bells) bell.unsubscribe();
  }

  on(): never {
    throw new Error('The job server has no events to listen to.');
  }

  unwrap<Connection>(): Connection {
    return this.#options.connection as Connection;
  }

  async #start(): Promise<void> {
    const handler = this.messageHandlers.get(this.#options.queue);
    if (!handler)
      throw new Error(`No handler for "${this.#options.queue}": add @EventPattern<string>('${this.#options.queue}').`);
    const { connection, queue, idlePollMs } = this.#options;
    const puller = new JobPuller(connection.jetstream({ timeout: PULL_TIMEOUT_MS }), queue, idlePollMs);
    // A server that goes in the middle of a start is waited for, as at any other time.
    await this.#ensureConsumers().catch((error: unknown) => this.#recover(error));
    const runner = new JobRunner({
      ...this.#options,
      shutdown: this.#endRunning.signal,
      handle: (data, context) => this.#handle(handler, data, context),
    });
    this.#slots = new JobSlots<PulledJob>({
      slots: this.#options.slots + (this.#options.ahead ?? 0),
      doorbell: this.#doorbell,
      idlePollMs,
      pull: () => this.#pull(puller),
      run: async (job) => {
        await runner.run(job);
        puller.settled(job);
      },
      giveBack: (job) => job.message.nak(),
      recover: async (error) => {
        await this.#recover(error);
        puller.forget();
      },
    });
    this.#listenForJobs(puller);
    this.#slots.start();
  }

  /** Slots ask at the same time: what they are about to take counts as taken. */
  async #pull(puller: JobPuller): Promise<PulledJob | undefined> {
    if (this.#options.intake?.accepts(this.running + this.#pulling) === false) return undefined;
    this.#pulling++;
    try {
      const job = await puller.pull();
      this.#troubles = 0;
      return job;
    } finally {
      this.#pulling--;
    }
  }

  /** The base class does not observe a handler's failure: await the handler's last value ourselves. */
  async #handle(handler: MessageHandler, data: Uint8Array, context: JobContext): Promise<void> {
    await lastValueFrom(this.transformToObservable(await handler(data, context)), { defaultValue: undefined });
  }

  #listenForJobs(puller: JobPuller): void {
    const { connection, queue } = this.#options;
    const ring = (): void => this.#doorbell.ring();
    this.#bells = allJobSubjects(queue).map((subjects) =>
      connection.subscribe(subjects, {
        callback: (_error, { subject }) => {
          puller.heard(subject);
          ring();
        },
      }),
    );
    this.#options.monitor.onChange(() => {
      // Nothing was heard meanwhile.
      puller.forget();
      ring();
    });
    this.#options.intake?.onRoom(ring);
  }

  async #ensureConsumers(): Promise<void> {
    await ensureConsumers(await this.#options.connection.jetstreamManager(), this.#options);
    this.#ready = true;
  }

  /** Pulling failed, for one slot or for all: they recover together. */
  #recover(from: unknown): Promise<void> {
    this.#recovery ??= this.#recoverOnce(from).finally(() => {
      this.#recovery = undefined;
    });
    return this.#recovery;
  }

  /**
   * A single time-out is ordinary: a pull that loses a race for a message is answered late or never by some servers; so is
   * one whose consumer is gone, which is made anew. Anything else waits, longer each time.
   */
  async #recoverOnce(error: unknown): Promise<void> {
    const { monitor, log } = this.#options;
    const isOrdinary = isTimeout(error) && monitor.connected && this.#ready && this.#troubles === 0;
    this.#troubles++;
    try {
      if (!isOrdinary) {
        this.#ready = false;
        log.warn({ err: asError(error).message }, 'Could not ask for jobs; trying again');
        await this.#doorbell.wait(RECOVERY.baseMs + retryDelayMs(this.#troubles, RECOVERY, Math.random));
        await monitor.whenConnected(this.#noMoreJobs.signal);
        if (this.#noMoreJobs.signal.aborted) return;
        await this.#options.ensureTopology?.();
      }
      await this.#ensureConsumers();
    } catch (again) {
      this.#ready = false;
      log.warn({ err: asError(again).message }, 'Could not prepare the queue; trying again');
    }
  }
}
