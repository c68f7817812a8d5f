import type { Counter, Histogram, Registry } from 'prom-client';
import { counter, histogram } from '#shared/observability/instruments';

/** One download while it runs. */
export interface MeasuredDownload {
  /** @param bytes of the file so far; fewer than before where it begins anew. */
  received(bytes: number): void;
  done(bytes: number): void;
}

/** Bytes and speed of downloads, and the audio they give. */
export class DownloadMetrics {
  readonly #bytes: Counter;
  readonly #speed: Histogram;
  readonly #audio: Counter;

  constructor(registry: Registry) {
    this.#bytes = counter(registry, 'podline_download_bytes_total');
    this.#speed = histogram(registry, 'podline_download_speed_bytes_per_second');
    this.#audio = counter(registry, 'podline_download_audio_seconds_total');
  }

  download(): MeasuredDownload {
    const started = performance.now();
    let known = 0;
    const received = (bytes: number): void => {
      if (bytes > known) this.#bytes.inc(bytes - known);
      known = bytes;
    };
    return {
      received,
      done: (bytes) => {
        received(bytes);
        this.#speed.observe((1000 * bytes) / Math.max(1, performance.now() - started));
      },
    };
  }

  /** @param seconds of audio that were cut. */
  cut(seconds: number): void {
    this.#audio.inc(seconds);
  }
}
