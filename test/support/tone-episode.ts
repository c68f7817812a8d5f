import { SAMPLE_RATE } from '#shared/contracts/manifest';

const BURST_SECONDS = 2.5;
const PAUSE_SECONDS = 0.7;
const LOUDNESS = 9000;
const BYTES_PER_SAMPLE = 2;

/**
 * Audio without a word: bursts of tone with pauses to cut in, 16 kHz mono s16le, which ffmpeg passes on unchanged. The
 * pitch follows from the number, so that no two episodes, and no two of a chunk's bursts, sound alike.
 */
export function tonePcm(number: number, seconds: number): Buffer {
  const pcm = Buffer.alloc(Math.round(seconds * SAMPLE_RATE) * BYTES_PER_SAMPLE);
  const period = BURST_SECONDS + PAUSE_SECONDS;
  for (let sample = 0; sample < pcm.length / BYTES_PER_SAMPLE; sample++) {
    const time = sample / SAMPLE_RATE;
    if (time % period > BURST_SECONDS) continue;
    const pitch = 150 + number + 37 * Math.floor(time / period);
    pcm.writeInt16LE(Math.round(LOUDNESS * Math.sin(2 * Math.PI * pitch * time)), sample * BYTES_PER_SAMPLE);
  }
  return pcm;
}

/** The samples as a WAV file. */
export function wav(pcm: Buffer): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + pcm.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(pcm.length, 40);
  return Buffer.concat([header, pcm]);
}
