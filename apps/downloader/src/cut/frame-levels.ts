/** Length of a frame: 10 ms at 16 kHz, short enough to see a pause's edges, long enough for one period of a low voice. */
export const FRAME_SAMPLES = 160;
export const FRAMES_PER_SECOND = 100;

/** The level of a frame without any sound: below what 16-bit samples can express (one step in 160 is -112 dBFS). */
export const DIGITAL_SILENCE_DBFS = -120;

const FULL_SCALE = 32_768 ** 2;
const FIRST_CAPACITY = 60 * FRAMES_PER_SECOND;

/** The loudness of a recording over time. */
export interface FrameLevels {
  /** One level per 10 ms, in dBFS (RMS without the direct-current part); the last frame may be shorter. */
  levels: Float32Array;
  /** Whole samples seen. */
  samples: number;
}

/**
 * Measures 16 kHz mono s16le while it streams by, in buffers of any size, also odd ones. Holds 4 bytes per 10 ms:
 * 1.4 MB an hour.
 */
export class LevelMeter {
  #levels = new Float32Array(FIRST_CAPACITY);
  #frames = 0;
  #samples = 0;
  #oddByte: number | undefined;
  #inFrame = 0;
  #sum = 0;
  #squares = 0;

  get samples(): number {
    return this.#samples;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    let from = 0;
    if (this.#oddByte !== undefined) {
      this.#measure(Int16Array.of((this.#oddByte | ((bytes[0] ?? 0) << 8)) & 0xffff));
      this.#oddByte = undefined;
      from = 1;
    }
    const whole = bytes.length - ((bytes.length - from) & 1);
    if (whole < bytes.length) this.#oddByte = bytes[whole];
    this.#measure(asSamples(bytes.subarray(from, whole)));
  }

  /** The levels so far. Half a sample at the end is not counted. */
  finish(): FrameLevels {
    if (this.#inFrame > 0) this.#endFrame();
    return { levels: this.#levels.slice(0, this.#frames), samples: this.#samples };
  }

  #measure(samples: Int16Array): void {
    let at = 0;
    while (at < samples.length) {
      const until = Math.min(samples.length, at + FRAME_SAMPLES - this.#inFrame);
      let sum = 0;
      let squares = 0;
      for (let i = at; i < until; i++) {
        const sample = samples[i] ?? 0;
        sum += sample;
        squares += sample * sample;
      }
      this.#sum += sum;
      this.#squares += squares;
      this.#inFrame += until - at;
      at = until;
      if (this.#inFrame === FRAME_SAMPLES) this.#endFrame();
    }
    this.#samples += samples.length;
  }

  #endFrame(): void {
    const mean = this.#sum / this.#inFrame;
    const power = (this.#squares / this.#inFrame - mean * mean) / FULL_SCALE;
    if (this.#frames === this.#levels.length) this.#grow();
    this.#levels[this.#frames++] =
      power > 0 ? Math.max(DIGITAL_SILENCE_DBFS, 10 * Math.log10(power)) : DIGITAL_SILENCE_DBFS;
    this.#inFrame = 0;
    this.#sum = 0;
    this.#squares = 0;
  }

  #grow(): void {
    const larger = new Float32Array(this.#levels.length * 2);
    larger.set(this.#levels);
    this.#levels = larger;
  }
}

/** A view where the bytes lie on an even address, else a copy: buffers of a pipe begin anywhere. */
function asSamples(bytes: Uint8Array): Int16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Int16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2);
}
