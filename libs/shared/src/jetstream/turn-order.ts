import { type Turn, TURNS } from '#shared/contracts/turn';

/**
 * How many jobs of other turns may be taken while a turn waits, before it goes first once. Where every turn has work, turn 0
 * gets at least three jobs of four, and the last turn one of 65.
 */
export const PATIENCE: Readonly<Record<Turn, number>> = { 0: 0, 1: 8, 2: 16, 3: 32, 4: 64 };

/**
 * The order in which a replica asks the turns of one lane: from the first to the last, but a turn that was passed over often enough before all others.
 * So nothing starves: a turn with work is served at least once in any `PATIENCE + 5` jobs a replica takes from the lane.
 */
export class TurnOrder {
  readonly #passed = new Map<Turn, number>();

  /** The turns as they are to be asked now. */
  get(): Turn[] {
    const first = TURNS.findLast((turn) => this.#passes(turn) >= PATIENCE[turn]) ?? 0;
    return [first, ...TURNS.filter((turn) => turn !== first)];
  }

  /** The turn was asked, and has answered: with a job, or that it has none. */
  asked(turn: Turn): void {
    this.#passed.set(turn, 0);
  }

  /** A job of the turn was taken; each turn that may have work was passed over, however early it comes. */
  took(taken: Turn, mayHaveWork: (turn: Turn) => boolean): void {
    for (const turn of TURNS) {
      if (turn === taken) continue;
      this.#passed.set(turn, mayHaveWork(turn) ? this.#passes(turn) + 1 : 0);
    }
  }

  #passes(turn: Turn): number {
    return this.#passed.get(turn) ?? 0;
  }
}
