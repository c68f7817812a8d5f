import { GO, type WorkerOptions, type WorkerReport, workerMessageSchema } from './messages.ts';
import { type Script, startScript } from './start-script.ts';

/** What one replica did, over all its lives. */
export interface ReplicaLog {
  sent: WorkerReport['sent'];
  swaps: number;
  conflicts: number;
  late: number;
  statuses: Record<string, number>;
  /** Whether it was killed or frozen: then it is left out of the fairness. */
  disturbed: boolean;
}

/** The worker processes of one scenario. */
export class Replicas {
  readonly #options: readonly WorkerOptions[];
  readonly #processes: Script[] = [];
  /** Those that could begin and wait for the rest. */
  #ready: Script[] | undefined = [];
  readonly logs: ReplicaLog[];

  constructor(options: readonly WorkerOptions[]) {
    this.#options = options;
    this.logs = options.map(() => ({ sent: [], swaps: 0, conflicts: 0, late: 0, statuses: {}, disturbed: false }));
  }

  startAll(): void {
    for (const index of this.#options.keys()) this.start(index);
  }

  start(index: number): void {
    const options = this.#options[index];
    if (!options) throw new Error(`There is no replica ${index}.`);
    const child = startScript('./worker', options);
    child.stdout.resume();
    this.#processes[index] = child;
    void this.#collect(index, child);
  }

  /** SIGKILL: it can give nothing back. */
  async kill(index: number): Promise<void> {
    this.#log(index).disturbed = true;
    this.#processes[index]?.kill('SIGKILL');
    await this.#processes[index];
  }

  freeze(index: number): void {
    this.#log(index).disturbed = true;
    this.#processes[index]?.kill('SIGSTOP');
  }

  thaw(index: number): void {
    this.#processes[index]?.kill('SIGCONT');
  }

  async stopAll(): Promise<void> {
    for (const child of this.#processes) child.kill('SIGTERM');
    const late = setTimeout(() => this.#processes.forEach((child) => child.kill('SIGKILL')), 8000);
    await Promise.all(this.#processes);
    clearTimeout(late);
  }

  #log(index: number): ReplicaLog {
    const log = this.logs[index];
    if (!log) throw new Error(`There is no replica ${index}.`);
    return log;
  }

  #onReady(child: Script): void {
    const begin = (ready: Script): void => void ready.sendMessage(GO).catch(() => {});
    if (!this.#ready) return begin(child);
    this.#ready.push(child);
    if (this.#ready.length < this.#options.length) return;
    this.#ready.forEach(begin);
    this.#ready = undefined;
  }

  async #collect(index: number, child: Script): Promise<void> {
    const log = this.#log(index);
    try {
      for await (const message of child.getEachMessage()) {
        const report = workerMessageSchema.parse(message);
        if (report.kind === 'ready') {
          this.#onReady(child);
          continue;
        }
        log.sent.push(...report.sent);
        log.swaps += report.swaps;
        log.conflicts += report.conflicts;
        log.late += report.late;
        for (const [status, count] of Object.entries(report.statuses)) {
          log.statuses[status] = (log.statuses[status] ?? 0) + count;
        }
      }
    } catch (error) {
      // A killed process ends the stream of its messages with an error.
      if (!log.disturbed) console.error(String(error));
    }
  }
}
