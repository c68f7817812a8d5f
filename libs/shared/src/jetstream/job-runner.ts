import type { JsMsg, NatsConnection } from 'nats';
import { SECOND } from '#shared/config/defaults';
import type { DeadLetter } from '#shared/contracts/dead-letter';
import { identifyJob, type JobIdentity } from '#shared/contracts/job-identity';
import type { Queue } from '#shared/contracts/names';
import { asError, PermanentError } from '#shared/errors';
import type { Log } from '#shared/observability/log';
import { ackConfirmed } from './ack-confirmed.ts';
import { AttemptLedger } from './attempt-ledger.ts';
import type { JobContext } from './job-context.ts';
import { inJobSpan, type TraceOf } from './job-span.ts';
import { withKeepAlive } from './keep-alive.ts';
import { deadLetterOf } from './dead-letter-of.ts';
import type { Publisher } from './publish.ts';
import type { PulledJob } from './pull-jobs.ts';
import { countsAsFailure, settleFailure, type Settlement, type SettlementPolicy } from './settlement.ts';

const MEND_INTERVAL_MS = 5 * SECOND;

/** Told of every settled delivery; metrics hang here. */
export interface JobObserver {
  started(queue: Queue): void;
  settled(
    queue: Queue,
    result: Settlement['kind'],
    reason: string | undefined,
    seconds: number,
    redelivered: boolean,
  ): void;
}

export interface JobRunnerOptions {
  connection: NatsConnection;
  queue: Queue;
  ackWaitMs: number;
  /** Hard ceiling of one delivery, in milliseconds. */
  ceilingMs: number;
  policy: SettlementPolicy;
  /** Attempts that began and never ended after which a job is taken for one that kills its replica. */
  maxCrashes: number;
  publisher: Publisher;
  shutdown: AbortSignal;
  handle: (data: Uint8Array, context: JobContext) => Promise<void>;
  /** Marks the episode as failed; must be idempotent. Runs before the job leaves its queue. */
  onDead: (letter: DeadLetter, identity: JobIdentity, streamSequence: number) => Promise<void>;
  /** Makes streams and buckets anew, should somebody have deleted them. */
  ensureTopology?: () => Promise<void>;
  /** Present while traces are sent. */
  traceOf?: TraceOf;
  observer?: JobObserver;
  log: Log;
}

/** Runs one delivery and settles it. The only place where a job is acked, nak'ed or dead-lettered. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #ledger: AttemptLedger;
  #mended = -Infinity;
  /** First error of jobs this replica has seen fail, for their dead letters. Bounded. */
  readonly #firstErrors = new Map<string, string>();

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#ledger = new AttemptLedger(options.connection, options.queue);
  }

  /** Never throws: what can't be settled now is redelivered by JetStream, and every handler is idempotent. */
  async run({ message, lane, turn }: PulledJob): Promise<void> {
    const { queue, observer } = this.#options;
    const started = performance.now();
    observer?.started(queue);
    const delivery = message.info.deliveryCount;
    const publishedAt = new Date(message.info.timestampNanos / 1e6).toISOString();
    const identity = identifyJob(queue, message.data);
    const log = this.#options.log.child({ ...identity, queue, lane, turn, delivery });
    const context = { queue, lane, turn, identity, delivery, streamSequence: message.seq, publishedAt, log };
    const settlement = await inJobSpan({ ...context, message }, this.#options.traceOf, () =>
      this.#runAndSettle(message, context),
    );
    const reason = settlement.kind === 'ack' ? undefined : settlement.error.reason;
    observer?.settled(queue, settlement.kind, reason, (performance.now() - started) / 1000, delivery > 1);
  }

  async #runAndSettle(message: JsMsg, context: Omit<JobContext, 'signal'>): Promise<Settlement> {
    const { identity, delivery, log } = context;
    let settlement: Settlement = { kind: 'ack' };
    try {
      await this.#execute(message, context);
    } catch (thrown) {
      const failures = await this.#failuresWith(thrown, message);
      settlement = settleFailure(thrown, { delivery, failures }, this.#options.policy, Math.random);
    }
    try {
      await this.#settle(message, settlement, identity, log);
    } catch (error) {
      log.warn({ err: asError(error).message }, 'Could not settle the job; it will be delivered again');
    }
    return settlement;
  }

  async #execute(message: JsMsg, context: Omit<JobContext, 'signal'>): Promise<void> {
    const attempts = await this.#ledger.begin(message);
    const { crashes } = attempts;
    if (crashes >= this.#options.maxCrashes) {
      throw new PermanentError(
        'crashes-its-replica',
        `${crashes} of ${context.delivery - 1} attempts at the job began and never ended: it seems to kill whoever works on it.`,
      );
    }
    try {
      await withKeepAlive(message, this.#options, (signal) =>
        this.#options.handle(message.data, { ...context, signal }),
      );
    } finally {
      await this.#ledger.end(message, attempts).catch(() => undefined);
    }
  }

  /** A failure that can't be written down is not counted: the job is tried once more than it would be. */
  async #failuresWith(thrown: unknown, message: JsMsg): Promise<number> {
    return countsAsFailure(thrown) ? await this.#ledger.fail(message).catch(() => 0) : 0;
  }

  /** NATS answers, and still something is not there: somebody has deleted a stream or bucket. At most every 5 s. */
  async #mendTopology(log: Log): Promise<void> {
    if (performance.now() - this.#mended < MEND_INTERVAL_MS) return;
    this.#mended = performance.now();
    try {
      await this.#options.ensureTopology?.();
    } catch (error) {
      log.warn({ err: asError(error).message }, 'Could not prepare streams and buckets; trying again');
    }
  }

  async #settle(message: JsMsg, settlement: Settlement, identity: JobIdentity, log: Log): Promise<void> {
    switch (settlement.kind) {
      case 'ack':
        await ackConfirmed(this.#options.connection, message);
        return;
      case 'nak':
        this.#rememberFirst(message, settlement.error.message);
        log.warn(
          { reason: settlement.error.reason, delayMs: settlement.delayMs, err: settlement.error.message },
          'Job given back',
        );
        message.nak(settlement.delayMs);
        if (settlement.error.reason === 'nats-unavailable') await this.#mendTopology(log);
        return;
      case 'dead-letter': {
        const letter = this.#letter(message, settlement.error, identity);
        await this.#options.publisher.deadLetter(letter, `dead:${this.#options.queue}:${message.seq}`);
        await this.#options.onDead(letter, identity, message.seq);
        log.error({ reason: letter.reason, err: letter.message }, 'Job dead-lettered');
        await ackConfirmed(this.#options.connection, message);
      }
    }
  }

  #letter(message: JsMsg, error: { reason: string; message: string }, identity: JobIdentity): DeadLetter {
    const first = this.#firstErrors.get(String(message.seq));
    this.#firstErrors.delete(String(message.seq));
    return deadLetterOf(message, { queue: this.#options.queue, identity, error, firstMessage: first });
  }

  #rememberFirst(message: JsMsg, text: string): void {
    const key = String(message.seq);
    if (this.#firstErrors.has(key)) return;
    if (this.#firstErrors.size >= 1000) this.#firstErrors.delete(this.#firstErrors.keys().next().value ?? '');
    this.#firstErrors.set(key, text);
  }
}
