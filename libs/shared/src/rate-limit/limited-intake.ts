import type { Intake } from '#shared/jetstream/intake';
import type { Budget } from './budget.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Jobs a replica may hold without a call under way: four that may book permits ahead, the others being read or stored. */
const MAX_AHEAD = 8;

/**
 * Takes no more jobs than will soon have a permit, and none while the account is stopped or the month's money is spent:
 * they stay in the queue, where others, and more urgent ones, can pass.
 */
export class LimitedIntake implements Intake {
  #limiter: RateLimiter | undefined;
  #budget: Budget | undefined;
  #listener: () => void = () => {};

  /** Until this is called, nothing is taken. */
  open(limiter: RateLimiter, budget: Budget): void {
    this.#limiter = limiter;
    this.#budget = budget;
    this.ring();
  }

  /** To be called when a permit was had, or money is there again. */
  ring(): void {
    this.#listener();
  }

  onRoom(listener: () => void): void {
    this.#listener = listener;
  }

  accepts(running: number): boolean {
    if (!this.#limiter || !this.#budget || this.#budget.usedUp) return false;
    if (running - this.#limiter.calling >= MAX_AHEAD) return false;
    const condition = this.#limiter.status().endpoint?.condition;
    return condition !== 'stopped' && condition !== 'paused';
  }
}
