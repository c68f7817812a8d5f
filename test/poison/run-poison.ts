import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { body, file, type MediaRoute } from '../support/media-server.ts';
import { audioBases } from './audio-bases.ts';
import { feedRoutes, readFeeds } from './poison-feeds.ts';
import { forgedFiles } from './forged-files.ts';
import { mutatedBytes } from './mutate-bytes.ts';
import { castMould, FIXTURES } from './planted-artifacts.ts';
import { publishPoison } from './poison-messages.ts';
import { type PoisonStack, startPoisonStack } from './poison-stack.ts';
import { endsOf, misjudged, readLetters, unforeseen, queuedJobs, unsettled } from './verdicts.ts';

export interface PoisonOptions {
  /** Mutated messages and artifacts, spread over all kinds. */
  messages: number;
  /** Mutated audio files and feeds, half and half; the forged files come on top. */
  files: number;
  seed: number;
  /** Longest time without a job less, in milliseconds: a busy machine is slow, a stuck consumer stands still. */
  settleMs: number;
  say?: (line: string) => void;
}

export interface PoisonReport {
  messages: number;
  audio: number;
  feeds: number;
  /** How many dead letters there are of each reason. */
  rejected: Record<string, number>;
  /** Each a sentence; all empty when podline is well. */
  crashed: string[];
  unsettled: string[];
  misjudged: string[];
}

/** Poisons everything podline reads and reports how it took it. Healthy episodes go through before and after. */
export async function runPoison(options: PoisonOptions): Promise<PoisonReport> {
  const { messages, files, seed, settleMs, say = () => undefined } = options;
  const feeds = Math.floor(files / 2);
  const audio = await audioRoutes(files - feeds, seed);
  const stack = await startPoisonStack({
    '/good.flac': file(join(FIXTURES, 'speech-12s.flac'), 'audio/flac'),
    ...audio,
    ...feedRoutes(feeds, seed),
  });
  try {
    const mould = await castMould(stack, 'healthy-before', 'whisper');
    say('a healthy episode went through');
    const poison = await publishPoison(stack, mould, messages, seed);
    const ids = await publishAudio(stack, Object.keys(audio));
    say(`${poison.length} messages and ${ids.length} audio files published`);
    const feedTrouble = await readFeeds(stack, feeds);
    say(`${feeds} feeds read`);
    const left = await untilSettled(stack, settleMs);
    say('everything is settled');
    const letters = await readLetters(stack);
    const verdicts = [];
    for (const one of poison) verdicts.push(await misjudged(one, letters, stack));
    for (const id of ids) verdicts.push(await endsOf(id, id, stack));
    if (left.length === 0 && stack.crashed.length === 0) {
      await castMould(stack, 'healthy-after', 'whisper');
      await castMould(stack, 'healthy-after-openai', 'openai');
    }
    return {
      messages: poison.length,
      audio: ids.length,
      feeds,
      rejected: countBy([...letters.values()].map(({ reason }) => reason)),
      crashed: [...stack.crashed],
      unsettled: left,
      misjudged: [...verdicts.filter((verdict) => verdict !== undefined), ...unforeseen(letters), ...feedTrouble],
    };
  } finally {
    await stack.stop();
  }
}

async function audioRoutes(count: number, seed: number): Promise<Record<string, MediaRoute>> {
  const mutated = fc.sample(mutatedBytes(await audioBases()), { numRuns: count, seed });
  const forged = forgedFiles(await readFile(join(FIXTURES, 'speech-40s.mp3')));
  return {
    ...Object.fromEntries(mutated.map((bytes, number) => [`/audio-${number}`, body(bytes, 'audio/mpeg')])),
    ...Object.fromEntries(Object.entries(forged).map(([name, route]) => [`/forged-${name}`, route])),
  };
}

async function publishAudio(stack: PoisonStack, paths: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const path of paths)
    ids.push(await publishEpisode(stack.client, { id: path.slice(1), url: stack.media.url(path) }));
  return ids;
}

/** Waits until no job is left. @returns what is left when nothing moves any more, or a service is dead. */
async function untilSettled(stack: PoisonStack, settleMs: number): Promise<string[]> {
  let fewest = Infinity;
  let deadline = performance.now() + settleMs;
  for (;;) {
    const left = await unsettled(stack);
    const jobs = await queuedJobs(stack);
    if (jobs < fewest) {
      fewest = jobs;
      deadline = performance.now() + settleMs;
    }
    if (left.length === 0 || stack.crashed.length > 0 || performance.now() > deadline) return left;
    await delay(100);
  }
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
