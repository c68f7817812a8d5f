import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { decode } from '../../apps/downloader/src/audio/decode.ts';
import { encodeChunk } from '../../apps/downloader/src/audio/encode-chunk.ts';
import { probe } from '../../apps/downloader/src/audio/probe.ts';
import { speechMap } from '../../apps/downloader/src/cut/speech-map.ts';
import { WhisperEngine } from '../../apps/transcriber-whisper/src/whisper-engine.ts';
import { synthesise } from '../../examples/speech.ts';
import { SAMPLE_RATE } from '#shared/contracts/manifest';
import { transcribeCompletely } from '#shared/transcription/transcribe-completely';
import { evalPool, MODEL } from './whisper-pool.ts';
import { wordErrorRate } from './word-error-rate.ts';

/**
 * What a feed's vocabulary is worth: names spoken by a synthesiser, transcribed with and without them in the prompt. Prints
 * how many of the names are spelt right, and the word error rate. Ends with 1 when the prompt does not help.
 */

/** Names that sound like a commoner spelling: what a vocabulary is for. And invented ones, which no model has ever read. */
const GROUPS = {
  spellings: [
    'Kathryn',
    'Smythe',
    'Jonquil',
    'Ayers',
    'Geoffrey',
    'Lindsey',
    'Wylde',
    'Graeme',
    'Deighton',
    'Phillipa',
  ],
  invented: ['Brindleholm', 'Quillfeather', 'Marlowick', 'Oakhart', 'Kestrelmoor', 'Valcourt', 'Helmswick', 'Thornaby'],
} as const;
const NAMES: readonly string[] = Object.values(GROUPS).flat();
/** No two alike: a text that repeats itself looks like an engine in a loop, and is decoded again without the prompt. */
const SENTENCES = [
  'Our guest today is Kathryn Smythe, who grew up on a farm beside the river.',
  'Her neighbour, a baker called Jonquil Ayers, sold bread to the whole valley.',
  'In the spring Geoffrey Wylde opened a small museum near Brindleholm.',
  'People came from Kestrelmoor by train, and some of them walked from Thornaby.',
  'The road to Valcourt was closed, so Lindsey took the boat instead.',
  'I asked Graeme why nobody repairs the bridge at Helmswick any more.',
  'He laughed and told me to ask Phillipa, because she keeps the accounts.',
  'After the flood the council of Marlowick paid for a new wall.',
  'Deighton wrote a long letter about it, and the paper printed every word.',
  'The old mill at Oakhart still turns when there is enough rain.',
  'My favourite story is the one about Mister Quillfeather and his geese.',
  'When Kathryn was nine years old, her uncle bought the shop in Thornaby.',
  'She says that Graeme never liked the colour of the door.',
  'Between Oakhart and Valcourt there are eleven gates, and all of them squeak.',
  'That winter Lindsey and Geoffrey counted owls for the university.',
  'Nobody in Brindleholm had a telephone, apart from Doctor Ayers.',
  'Phillipa sent us a photograph of the lighthouse, which is on our website.',
  'We thank the library in Kestrelmoor, and Mister Deighton for the music.',
  'Next week we visit Helmswick, where a retired teacher builds clocks.',
  'Until then, this was Quillfeather and Wylde, the show from Marlowick.',
];

const signal = new AbortController().signal;
const folder = await mkdtemp(join(tmpdir(), 'podline-eval-'));
const pool = evalPool();

try {
  process.exitCode = await evaluate();
} finally {
  await pool.stop();
  await rm(folder, { recursive: true, force: true });
}

async function evaluate(): Promise<number> {
  const source = join(folder, 'speech.wav');
  await synthesise(
    SENTENCES.map((text, at) => ({ voice: at % 2 === 0 ? 'slt' : 'rms', text })),
    source,
  );
  const pcm = join(folder, 'audio.s16');
  await probe(source, { signal });
  const { samples, levels } = await decode(source, pcm, { signal, maxSeconds: 3600 });
  const audio = await buffer(encodeChunk(pcm, { startSample: 0, endSample: samples }, 'flac', { signal }));
  const speech = speechMap(levels).spans;
  await pool.load(MODEL);
  console.log(`${NAMES.length} names, ${spoken()} times in ${Math.round(samples / SAMPLE_RATE)} s, ${MODEL}`);
  console.log('prompt    names wrong    spellings    invented    word error rate');
  const wrong: number[] = [];
  for (const prompt of [undefined, `${NAMES.join(', ')}.`]) {
    const text = await transcribe(audio, samples / SAMPLE_RATE, speech, prompt);
    const missed = spoken() - found(text);
    wrong.push(missed / spoken());
    const { rate } = wordErrorRate(SENTENCES.join(' '), text);
    const byGroup = Object.values(GROUPS).map((names) => percent(1 - found(text, names) / spoken(names)).padStart(12));
    console.log(
      `${(prompt ? 'names' : 'none').padEnd(10)}${percent(missed / spoken()).padStart(11)} ${byGroup.join('')}${percent(rate).padStart(19)}`,
    );
  }
  return (wrong[1] ?? 1) < (wrong[0] ?? 0) ? 0 : 1;
}

async function transcribe(
  audio: Uint8Array,
  seconds: number,
  speech: readonly (readonly [number, number])[],
  prompt: string | undefined,
): Promise<string> {
  const job = {
    v: 1 as const,
    episodeId: 'vocabulary',
    lane: 'normal' as const,
    cut: '000000000000',
    chunk: 0,
    chunks: 1,
    seconds,
    speech: speech.map(([start, end]): [number, number] => [start, end]),
    audio: 'audio.flac',
    provider: 'whisper' as const,
    model: MODEL,
    language: 'en',
    ...(prompt === undefined ? {} : { prompt }),
    decoding: {},
  };
  const { transcript } = await transcribeCompletely(new WhisperEngine(pool), audio, job, {
    signal,
    timeoutMs: 600_000,
    onProgress: () => undefined,
  });
  return transcript.segments.map(({ text }) => text).join(' ');
}

function spoken(names = NAMES): number {
  return found(SENTENCES.join(' '), names);
}

/** How often the names stand in a text, spelt right. */
function found(text: string, names = NAMES): number {
  return names.reduce((sum, name) => sum + (text.match(new RegExp(`\\b${name}\\b`, 'gi'))?.length ?? 0), 0);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
