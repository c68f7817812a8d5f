import type { Doorbell } from './doorbell.ts';

export interface JobSlotsOptions<Job> {
  /** Jobs at work at once. */
  slots: number;
  /** Takes one waiting job, or nothing. */
  pull: () => Promise<Job | undefined>;
  /** Does the job and settles it; never throws. */
  run: (job: Job) => Promise<void>;
  /** Gives back a job that was pulled while stopping. */
  giveBack: (job: Job) => void;
  /** Called when pulling failed; resolves when it makes sense to try again. */
  recover: (error: unknown) => Promise<void>;
  doorbell: Doorbell;
  idlePollMs: number;
}

/** A fixed number of slots, each pulling one job at a time: what is pulled is started at once. */
export class JobSlots<Job> {
  readonly #options: JobSlotsOptions<Job>;
  readonly #loops: Promise<void>[] = [];
  #stopping = false;
  #poller = false;
  #running = 0;

  constructor(options: JobSlotsOptions<Job>) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  start(): void {
    for (let slot = 0; slot < this.#options.slots; slot++) this.#loops.push(this.#loop());
  }

  /** No new pulls; resolves when the running jobs are settled. */
  async drain(): Promise<void> {
    this.#stopping = true;
    this.#options.doorbell.ring();
    await Promise.all(this.#loops);
  }

  async #loop(): Promise<void> {
    while (!this.#stopping) {
      const job = await this.#pull();
      if (job === undefined) await this.#idle();
      else if (this.#stopping) this.#options.giveBack(job);
      else await this.#work(job);
    }
  }

  async #pull(): Promise<Job | undefined> {
    try {
      return await this.#options.pull();
    } catch (error) {
      if (!this.#stopping) await this.#options.recover(error);
      return undefined;
    }
  }

  async #work(job: Job): Promise<void> {
    this.#running++;
    // Where one job was, there may be more: the other idle slots look too.
    this.#options.doorbell.ring();
    try {
      await this.#options.run(job);
    } finally {
      this.#running--;
    }
  }

  /** One idle slot looks for work by the clock, the others only when the bell rings. */
  async #idle(): Promise<void> {
    if (this.#stopping) return;
    const polls = !this.#poller;
    if (polls) this.#poller = true;
    await this.#options.doorbell.wait(polls ? this.#options.idlePollMs : undefined);
    if (polls) this.#poller = false;
  }
}
