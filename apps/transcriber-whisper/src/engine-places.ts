import type { Intake } from '#shared/jetstream/intake';
import { Gate } from '#shared/parallel/gate';
import type { EnginePlace } from '#shared/transcription/transcribe-chunk';

/** How long before an engine is free its next chunk is taken, to be read by then, in milliseconds. */
const LEAD_MS = 1000;

/**
 * A replica's engines, and the chunks in front of them. While all engines work, a chunk is taken for one only where that one
 * will be free in a moment: an engine that waits for the next chunk's audio is time lost, and a chunk that waits for an
 * engine is missing where another replica has one idle.
 */
export class EnginePlaces implements Intake {
  readonly #engines: number;
  readonly #gate: Gate;
  readonly #stop = new AbortController();
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
    const place = new Place(
      (signal) => this.#gate.enter(AbortSignal.any([signal, this.#stop.signal])),
      () => {
        this.#leaving++;
        this.#listener();
      },
    );
    try {
      return await work(place);
    } finally {
      place.leave();
      this.#leaving--;
    }
  }
}

class Place implements EnginePlace {
  readonly #enter: (signal: AbortSignal) => Promise<() => void>;
  readonly #onLeaving: () => void;
  #giveBack: (() => void) | undefined;
  #began = 0;
  #leaving = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param onLeaving called once, a moment before the engine is left. */
  constructor(enter: (signal: AbortSignal) => Promise<() => void>, onLeaving: () => void) {
    this.#enter = enter;
    this.#onLeaving = onLeaving;
  }

  async enter(signal: AbortSignal): Promise<void> {
    this.#giveBack = await this.#enter(signal);
    this.#began = performance.now();
  }

  progress(share: number): void {
    clearTimeout(this.#timer);
    if (this.#leaving || share <= 0) return;
    const leftMs = ((performance.now() - this.#began) * (1 - share)) / share;
    this.#timer = setTimeout(() => this.#announce(), Math.max(0, leftMs - LEAD_MS));
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#giveBack?.();
    this.#announce();
  }

  #announce(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#onLeaving();
  }
}
