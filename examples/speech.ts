import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** One uninterrupted stretch of speech. `pause` is the silence after it, in seconds (0.45 unless given). */
export interface Turn {
  voice: Voice;
  text: string;
  pause?: number | undefined;
}

/** The voices used, of those Debian's flite carries: `slt` is a woman's, `rms` a man's. Both speak at 16 kHz. */
export type Voice = 'slt' | 'rms';

const SAMPLE_RATE = 16_000;
const DEFAULT_PAUSE_SECONDS = 0.45;

/** Factors that bring both voices to about -19 LUFS, the usual loudness of a mono podcast; untouched, slt is 6 dB louder. */
const GAIN: Record<Voice, number> = { slt: 0.76, rms: 1.53 };

/**
 * Speaks the turns one after the other into a WAV file (16 kHz, mono, 16 bit) and says how many seconds it lasts.
 * The same turns give the same bytes. Needs `flite` on PATH.
 */
export async function synthesise(turns: readonly Turn[], outFile: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'podline-speech-'));
  try {
    const pieces: Buffer[] = [];
    for (const turn of turns) {
      pieces.push(await speak(turn, join(folder, 'turn.wav')), silence(turn.pause ?? DEFAULT_PAUSE_SECONDS));
    }
    const samples = Buffer.concat(pieces);
    await writeFile(outFile, Buffer.concat([wavHeader(samples.length), samples]));
    return samples.length / 2 / SAMPLE_RATE;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The turn as 16-bit samples at its voice's gain. */
async function speak({ voice, text }: Turn, file: string): Promise<Buffer> {
  const { code, failed, shortMessage } = await execa('flite', ['-voice', voice, '-t', text, '-o', file], {
    reject: false,
  });
  if (code === 'ENOENT') throw new Error('flite is not on PATH: install it with `apt-get install flite`.');
  if (failed) throw new Error(`flite could not speak "${text.slice(0, 60)}": ${shortMessage}`);
  return amplify(samplesOf(await readFile(file), file), GAIN[voice]);
}

/** The samples of a WAV file laid out as flite writes it: a 44-byte header, then mono 16-bit PCM. */
function samplesOf(wav: Buffer, file: string): Buffer {
  const rate = wav.readUInt32LE(24);
  const layout = `${wav.toString('latin1', 36, 40)}, ${wav.readUInt16LE(22)} channel, ${wav.readUInt16LE(34)} bit, ${rate} Hz`;
  const expected = `data, 1 channel, 16 bit, ${SAMPLE_RATE} Hz`;
  if (layout !== expected) throw new Error(`${file} is laid out as "${layout}", not as "${expected}".`);
  return wav.subarray(44);
}

function amplify(samples: Buffer, gain: number): Buffer {
  const louder = Buffer.alloc(samples.length);
  for (let at = 0; at + 1 < samples.length; at += 2) {
    const value = Math.round(samples.readInt16LE(at) * gain);
    louder.writeInt16LE(Math.max(-32_768, Math.min(32_767, value)), at);
  }
  return louder;
}

function silence(seconds: number): Buffer {
  return Buffer.alloc(Math.round(seconds * SAMPLE_RATE) * 2);
}

/** The 44-byte RIFF header of mono 16-bit PCM at SAMPLE_RATE. */
function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
