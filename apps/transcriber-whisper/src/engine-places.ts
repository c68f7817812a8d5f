import { CancelledError } from '#shared/errors';
import type { Intake } from '#shared/jetstream/intake';
import { Gate } from '#shared/parallel/gate';
import type { EnginePlace } from '#shared/transcription/transcribe-chunk';

/** How long before an engine is free its next chunk is taken, to be read by then, in milliseconds. */
const LEAD_MS = 1000;
/** How much later than expected it may be free until the chunk in front of it is given back, in milliseconds. */
const PATIENCE_MS = 5000;

/**
 * A replica's engines, and the chunks in front of them. While all engines work, a chunk is taken for one only where that one
 * will be free in a moment: an engine that waits for the next chunk's audio is time lost, and a chunk that waits for an
 * engine is missing where another replica has one idle.
 */
export class EnginePlaces implements Intake {
  readonly #engines: number;
  readonly #gate: Gate;
  readonly #stop = new AbortController();
  /** Chunks that wait for an engine, in their order. */
  readonly #line: AbortController[] = [];
  /** Jobs that need an engine for a moment more, or not any more. */
  #leaving = 0;
  #listener: () => void = () => {};

  constructor(engines: number) {
    this.#engines = engines;
    this.#gate = new Gate(engines);
  }

  accepts(running: number): boolean {
    return running < this.#engines + this.#leaving;
  }

  onRoom(listener: () => void): void {
    this.#listener = listener;
  }

  /** Chunks that have no engine yet are given back: another replica begins with them at once. */
  stop(): void {
    this.#stop.abort();
  }

  /** Does a job that needs an engine for a part of it. Whatever becomes of it, the engine is free afterwards. */
  async withPlace<T>(work: (place: EnginePlace) => Promise<T>): Promise<T> {
    const place = new Place({
      enter: (signal) => this.#enter(signal),
      leaving: () => {
        this.#leaving++;
        this.#listener();
      },
      staying: () => {
        this.#leaving--;
        this.#line.at(-1)?.abort();
      },
    });
    try {
      return await work(place);
    } finally {
      place.leave();
      this.#leaving--;
    }
  }

  async #enter(signal: AbortSignal): Promise<() => void> {
    // It was taken for an engine that stays busy after all.
    if (this.#gate.full && this.#line.length >= this.#leaving) throw new CancelledError();
    const waiting = new AbortController();
    this.#line.push(waiting);
    try {
      return await this.#gate.enter(AbortSignal.any([signal, this.#stop.signal, waiting.signal]));
    } finally {
      this.#line.splice(this.#line.indexOf(waiting), 1);
    }
  }
}

interface PlaceOwner {
  enter: (signal: AbortSignal) => Promise<() => void>;
  /** The engine will be free in a moment. */
  leaving: () => void;
  /** It is not, after all. */
  staying: () => void;
}

class Place implements EnginePlace {
  readonly #owner: PlaceOwner;
  #giveBack: (() => void) | undefined;
  #began = 0;
  #leaving = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(owner: PlaceOwner) {
    this.#owner = owner;
  }

  async enter(signal: AbortSignal): Promise<void> {
    this.#giveBack = await this.#owner.enter(signal);
    this.#began = performance.now();
  }

  progress(share: number): void {
    if (this.#leaving) return;
    clearTimeout(this.#timer);
    if (share <= 0) return;
    const leftMs = ((performance.now() - this.#began) * (1 - share)) / share;
    this.#timer = setTimeout(
      () => {
        this.#announce();
        this.#timer = setTimeout(() => this.#stay(), LEAD_MS + PATIENCE_MS);
      },
      Math.max(0, leftMs - LEAD_MS),
    );
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#giveBack?.();
    this.#announce();
  }

  /** It needs a second attempt, or the engine hangs. */
  #stay(): void {
    this.#leaving = false;
    this.#owner.staying();
  }

  #announce(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#owner.leaving();
  }
}
