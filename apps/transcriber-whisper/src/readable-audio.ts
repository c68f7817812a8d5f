import { execa } from 'execa';
import { MINUTE } from '#shared/config/defaults';
import { SAMPLE_RATE } from '#shared/contracts/manifest';
import { asError, PermanentError } from '#shared/errors';

const TIMEOUT_MS = MINUTE;

/**
 * A chunk in a format whisper-server reads: FLAC as it is. A chunk another provider gave up is Ogg Opus, which the server
 * does not know; ffmpeg makes WAV of it.
 * @throws PermanentError `unreadable-audio` when ffmpeg can't, or is not there.
 */
export async function readableAudio(audio: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  return formatOf(audio) === 'flac' ? audio : toWav(audio, [], signal);
}

/**
 * A part of a chunk as WAV.
 * @param from seconds from the chunk's start.
 * @throws PermanentError `unreadable-audio`
 */
export function audioClip(audio: Uint8Array, from: number, seconds: number, signal: AbortSignal): Promise<Uint8Array> {
  return toWav(audio, ['-ss', from.toFixed(3), '-t', seconds.toFixed(3)], signal);
}

function formatOf(audio: Uint8Array): 'flac' | 'ogg' {
  return Buffer.from(audio.buffer, audio.byteOffset, 4).toString('latin1') === 'OggS' ? 'ogg' : 'flac';
}

async function toWav(audio: Uint8Array, part: readonly string[], signal: AbortSignal): Promise<Uint8Array> {
  const format = formatOf(audio);
  try {
    const input = ['-protocol_whitelist', 'pipe', '-f', format, '-i', 'pipe:0'];
    // WAV: the server refuses FLAC that does not say how long it is, and a pipe can't say so in time.
    const output = [...part, '-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 'wav', 'pipe:1'];
    const { stdout } = await execa('ffmpeg', ['-hide_banner', '-v', 'error', ...input, ...output], {
      input: audio,
      encoding: 'buffer',
      cancelSignal: signal,
      timeout: TIMEOUT_MS,
    });
    return stdout;
  } catch (error) {
    signal.throwIfAborted();
    const why = asError(error).message.split('\n').slice(0, 2).join(' ').slice(0, 300);
    const message = `The chunk’s ${format} can't be made WAV for whisper: ${why}. Is ffmpeg installed here?`;
    throw new PermanentError('unreadable-audio', message, { cause: error });
  }
}
