import { summaryKey } from '#shared/contracts/artifact-keys';
import { episodeRequestSchema } from '#shared/contracts/episode-request';
import { identifyJob } from '#shared/contracts/job-identity';
import { summarizeJobSchema, transcribeJobSchema } from '#shared/contracts/jobs';
import { QUEUES, type Queue } from '#shared/contracts/names';
import { parseMessage } from '#shared/contracts/parse-message';
import { jobConsumer, jobPlaces, jobStream } from '#shared/contracts/subjects';
import type { Poison } from './poison-messages.ts';
import type { PoisonStack } from './poison-stack.ts';

/** Dead letters by job: what `podline dead list` shows. */
export type Letters = ReadonlyMap<string, { reason: string; message: string }>;

export async function readLetters(stack: PoisonStack): Promise<Letters> {
  const letters = new Map<string, { reason: string; message: string }>();
  for await (const { letter } of stack.client.deadLetters.list()) {
    letters.set(`${letter.queue} ${letter.jobKey}`, letter);
  }
  return letters;
}

/** Rejections without a reason anybody has thought of: a bug, even where nothing else goes wrong. */
export function unforeseen(letters: Letters): string[] {
  return [...letters].flatMap(([job, { reason, message }]) => (reason === 'unexpected' ? [`${job}: ${message}`] : []));
}

/** Jobs that wait, run or rest before a retry, in words; empty when everything is settled. */
export async function unsettled(stack: PoisonStack): Promise<string[]> {
  const jsm = await stack.raw.jetstreamManager();
  const found: string[] = [];
  for (const queue of QUEUES) {
    const { state } = await jsm.streams.info(jobStream(queue));
    if (state.messages > 0) found.push(`${queue}: ${state.messages} messages`);
    for (const { lane, turn } of jobPlaces(queue)) {
      const consumer = jobConsumer(queue, lane, turn);
      const { num_ack_pending: pending } = await jsm.consumers.info(jobStream(queue), consumer);
      if (pending > 0) found.push(`${consumer}: ${pending} unsettled`);
    }
  }
  return found;
}

/** Jobs in all queues, those at work included. */
export async function queuedJobs(stack: PoisonStack): Promise<number> {
  const { streams } = await stack.raw.jetstreamManager();
  const infos = await Promise.all(QUEUES.map((queue) => streams.info(jobStream(queue))));
  return infos.reduce((sum, { state }) => sum + state.messages, 0);
}

/** What is wrong with how a poisoned message ended, or undefined: it was processed, or it was rejected with a reason. */
export async function misjudged(poison: Poison, letters: Letters, stack: PoisonStack): Promise<string | undefined> {
  const { kind, queue, message, id } = poison;
  const named = `${kind} ${id} (${message.toString('utf8', 0, 200)})`;
  const identity = identifyJob(queue, message);
  const letter = letters.get(`${queue} ${identity.jobKey}`);
  if (!isValid(queue, message)) {
    if (letter === undefined) return `${named}: invalid, but no dead letter ${identity.jobKey}`;
    return failureShows(identity.episodeId, named, stack);
  }
  if (letter !== undefined) return failureShows(identity.episodeId, named, stack);
  if (kind === 'transcript' || kind === 'summarize') {
    const summary = await stack.client.results.head(summaryKey(identity.episodeId, 'json'));
    return summary === undefined ? `${named}: neither a summary nor a dead letter` : undefined;
  }
  return endsOf(identity.episodeId, named, stack);
}

/** The state tells the reason of a dead letter, unless the episode was finished before. */
async function failureShows(episodeId: string, named: string, stack: PoisonStack): Promise<string | undefined> {
  const state = await stack.client.episodes.get(episodeId);
  if (state?.status === 'done' || state?.status === 'cancelled') return undefined;
  if (state?.status === 'failed' && state.errors.length > 0) return undefined;
  return `${named}: has a dead letter, and its state is ${JSON.stringify(state)}`;
}

/** An episode ends done, or failed with a reason. */
export async function endsOf(episodeId: string, named: string, stack: PoisonStack): Promise<string | undefined> {
  const state = await stack.client.episodes.get(episodeId);
  if (state?.status === 'done' || state?.status === 'cancelled') return undefined;
  if (state?.status === 'failed' && state.errors.length > 0) return undefined;
  return `${named}: neither done nor failed, but ${JSON.stringify(state)}`;
}

function isValid(queue: Queue, message: Buffer): boolean {
  try {
    if (queue === 'download') parseMessage(episodeRequestSchema, message);
    else if (queue === 'summarize') parseMessage(summarizeJobSchema, message);
    else parseMessage(transcribeJobSchema, message);
    return true;
  } catch {
    return false;
  }
}
