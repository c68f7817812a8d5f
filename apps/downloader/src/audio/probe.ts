import { z } from 'zod';
import { MINUTE } from '#shared/config/defaults';
import { PermanentError, RetryableError } from '#shared/errors';
import { oneLine, QUIET, startTool, toolEnd, untrustedInput } from './media-tool.ts';

/** A file has a few streams; one that claims thousands gives more text than this, in bytes. */
const MAX_OUTPUT_BYTES = 256 * 1024;
const TIMEOUT_MS = MINUTE;
const MAX_TITLE = 500;

/** What a media file says about itself. */
export interface AudioInfo {
  /** Declared length; undefined where the container does not hold it and it could only be guessed. */
  seconds: number | undefined;
  codec: string;
  channels: number;
  /** Hz. */
  sampleRate: number;
  /** Short names of the container, such as `mp3` or `mov,mp4,m4a,3gp,3g2,mj2`. */
  container: string;
  title: string | undefined;
  /** The container's index of the stream with the audio. */
  stream: number;
}

const tags = z.record(z.string(), z.string()).optional();
const streamSchema = z.object({
  index: z.int().min(0),
  codec_name: z.string().default('unknown'),
  channels: z.int().default(0),
  sample_rate: z.coerce.number().default(0),
  duration: z.coerce.number().optional(),
  disposition: z.object({ default: z.int() }).optional(),
  tags,
});
const outputSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({ format_name: z.string(), duration: z.coerce.number().optional(), tags }).optional(),
});
type Output = z.output<typeof outputSchema>;

/**
 * Reads what a media file says about itself, and picks the stream to transcribe: the default audio stream, else the first.
 * The file may come from anywhere: it is opened alone, whatever other files or hosts it names.
 *
 * @throws PermanentError `not-audio` for a file that is no media file this program takes, `no-audio` for one without a
 *   sound track; RetryableError when ffprobe hangs or is killed.
 */
export async function probe(path: string, options: { signal?: AbortSignal | undefined } = {}): Promise<AudioInfo> {
  const { output, exitCode, words } = await runProbe(path, options.signal);
  const { streams, format } = output;
  if (exitCode !== 0 || format === undefined) {
    throw new PermanentError('not-audio', `The file is not audio of a known kind: ${reasonIn(words, path)}.`);
  }
  const stream = streams.find(({ disposition }) => disposition?.default === 1) ?? streams[0];
  if (stream === undefined) throw new PermanentError('no-audio', `The ${format.format_name} file has no sound track.`);
  const { codec_name: codec, channels, sample_rate: sampleRate } = stream;
  if (channels < 1 || sampleRate < 1) {
    throw new PermanentError(
      'not-audio',
      `The sound track (${codec}) is damaged: ${channels} channels at ${sampleRate} Hz.`,
    );
  }
  const guessed = words.includes('Estimating duration from bitrate');
  const seconds = guessed ? undefined : (stream.duration ?? format.duration);
  return {
    seconds: seconds !== undefined && seconds > 0 ? seconds : undefined,
    codec,
    channels,
    sampleRate,
    container: format.format_name,
    title: titleIn(format.tags) ?? titleIn(stream.tags),
    stream: stream.index,
  };
}

async function runProbe(path: string, signal: AbortSignal | undefined) {
  const entries = [
    'format=format_name,duration:format_tags=title',
    'stream=index,codec_name,channels,sample_rate,duration:stream_disposition=default:stream_tags=title',
  ].join(':');
  // The warnings say whether the length was guessed.
  const args = [
    ...QUIET,
    '-v',
    'warning',
    '-select_streams',
    'a',
    '-show_entries',
    entries,
    '-of',
    'json',
    ...untrustedInput(path),
  ];
  const tool = startTool('ffprobe', args, { signal, timeoutMs: TIMEOUT_MS });
  const text = await boundedText(tool.output, () => tool.child.kill('SIGKILL'));
  if (text === undefined) {
    await tool.child;
    throw new PermanentError(
      'not-audio',
      `The file describes itself in more than ${MAX_OUTPUT_BYTES} bytes: it is damaged or forged.`,
    );
  }
  const end = await toolEnd('ffprobe', tool, signal);
  return { output: parse(text, end.exitCode), ...end };
}

/** All that comes, or undefined when it is too much. */
async function boundedText(stream: AsyncIterable<Uint8Array>, stop: () => void): Promise<string | undefined> {
  const blocks: Uint8Array[] = [];
  let bytes = 0;
  for await (const block of stream) {
    bytes += block.length;
    if (bytes > MAX_OUTPUT_BYTES) {
      stop();
      return undefined;
    }
    blocks.push(block);
  }
  return Buffer.concat(blocks).toString('utf8');
}

function parse(text: string, exitCode: number): Output {
  if (exitCode !== 0) return { streams: [] };
  try {
    return outputSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new RetryableError('ffprobe-failed', 'ffprobe gave an answer nobody understands; is it ffmpeg 5 or newer?', {
      cause: error,
    });
  }
}

function titleIn(tags: Record<string, string> | undefined): string | undefined {
  const title = Object.entries(tags ?? {}).find(([name]) => name.toLowerCase() === 'title')?.[1];
  return title === undefined ? undefined : oneLine(title, MAX_TITLE) || undefined;
}

function reasonIn(words: string, path: string): string {
  if (words.includes('not on whitelist')) return 'it is a playlist, or of a format that is not taken';
  return words.replaceAll(`file:${path}`, 'the file').replace(/[.\s]+$/, '') || 'ffprobe cannot read it';
}
