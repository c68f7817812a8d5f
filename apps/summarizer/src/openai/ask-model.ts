import { PermanentError } from '#shared/errors';
import { inSpan } from '#shared/observability/spans';
import type { CountTokens } from '../strategy/count-tokens.ts';
import type { NotesAnswer, SummaryAnswer, AnswerKind } from './answer-schemas.ts';
import type { AnswerFormat, ChatClient, ChatReply } from './chat-client.ts';
import type { CallCost, Limiter, Permit } from './limiter.ts';
import { messagesFor, type Task } from './prompts.ts';
import { type Reading, readLooseAnswer, readStrictAnswer } from './read-answer.ts';

/** Everything a call needs that stays the same for all calls of a provider. */
export interface Asker {
  model: string;
  client: ChatClient;
  limiter: Limiter;
  count: CountTokens;
  /** URL of the feed whose budget pays. */
  feed?: string | undefined;
  /** Unset where the model takes none. */
  temperature: number | undefined;
  /** The formats the server may know, the best first. A provider remembers which one it has come to. */
  formats: FormatLadder;
}

/** What a chat costs besides its texts, in tokens; OpenAI's cookbook has it. */
const TOKENS_PER_MESSAGE = 3;
const TOKENS_BEFORE_ANSWER = 3;

/** What calls took, added up. */
export interface Tally {
  calls: number;
  promptTokens: number;
  completionTokens: number;
  waitSeconds: number;
}

/** What is asked, of which data. */
export interface Question<T> {
  task: Task & { answer: AnswerKind<T> };
  /** The data, delimited. */
  block: string;
  /** Longest answer, in tokens. */
  maxTokens: number;
}

/** Formats from the strictest to plain text. A server that refuses one gets the next from then on. */
export class FormatLadder {
  readonly #kinds: readonly AnswerFormat['kind'][];
  #rung = 0;

  constructor(kinds: readonly AnswerFormat['kind'][]) {
    this.#kinds = kinds;
  }

  get kind(): AnswerFormat['kind'] {
    return this.#kinds[this.#rung] ?? 'text';
  }

  /** Whether answers must fit exactly, because no other format is left to try. */
  get isStrict(): boolean {
    return this.#kinds.length === 1;
  }

  /** Gives up a format. Another call may have done so in the meantime: then nothing changes. */
  stepDownFrom(kind: AnswerFormat['kind']): boolean {
    if (this.kind !== kind) return true;
    if (this.#rung === this.#kinds.length - 1) return false;
    this.#rung++;
    return true;
  }
}

/**
 * Asks a model, and once more with the error where its answer is refused, cut off or not as asked.
 * @throws PermanentError `refused`, `truncated-answer` or `invalid-answer` after the second; and whatever the client throws.
 */
export async function askModel<T extends SummaryAnswer | NotesAnswer>(
  asker: Asker,
  question: Question<T>,
  tally: Tally,
  signal: AbortSignal,
): Promise<T> {
  let problem: string | undefined;
  for (let isLast = false; ; isLast = true) {
    const { reply, format } = await completeInSomeFormat(asker, question, problem, tally, signal);
    const reading = read(asker, reply, question.task.answer, format, isLast);
    if ('value' in reading) return reading.value;
    if (isLast) {
      throw new PermanentError(
        reading.reason,
        `"${asker.model}" gave no usable ${question.task.answer.name} twice: ${reading.problem}`,
      );
    }
    problem = reading.problem;
  }
}

function read<T extends SummaryAnswer | NotesAnswer>(
  asker: Asker,
  reply: ChatReply,
  kind: AnswerKind<T>,
  format: AnswerFormat,
  isLast: boolean,
): Reading<T> {
  if (asker.formats.isStrict) return readStrictAnswer(reply, kind);
  return readLooseAnswer(reply, kind, { plainText: isLast || format.kind === 'text', cutOff: isLast });
}

/** Makes the call in the best format the server knows; finding out which it is takes no attempt. */
async function completeInSomeFormat<T>(
  asker: Asker,
  { task, block, maxTokens }: Question<T>,
  problem: string | undefined,
  tally: Tally,
  signal: AbortSignal,
): Promise<{ reply: ChatReply; format: AnswerFormat }> {
  for (;;) {
    const format = formatOf(asker.formats.kind, task.answer);
    const messages = messagesFor(task, format, block, problem);
    const counted = messages.reduce((sum, { content }) => sum + asker.count(content), 0);
    const promptTokens = counted + messages.length * TOKENS_PER_MESSAGE + TOKENS_BEFORE_ANSWER;
    const permit = await waitFor(asker, { promptTokens, answerTokens: maxTokens }, tally, signal);
    let failure: unknown;
    try {
      const { model, temperature } = asker;
      const onResponse = (status: number, headers: Headers): void => permit.heard?.(status, headers);
      const request = { model, messages, maxTokens, format, temperature };
      const reply = await inSpan('model call', { 'podline.model': model }, () =>
        asker.client.complete(request, { signal, onResponse }),
      );
      tally.calls++;
      tally.promptTokens += reply.promptTokens;
      tally.completionTokens += reply.completionTokens;
      await permit.settle(reply);
      return { reply, format };
    } catch (error) {
      failure = error;
      if (!(refusesFormat(error, format) && asker.formats.stepDownFrom(format.kind))) throw error;
    } finally {
      await permit.release(failure);
    }
  }
}

async function waitFor(
  { limiter, model, feed }: Asker,
  cost: Omit<CallCost, 'model'>,
  tally: Tally,
  signal: AbortSignal,
): Promise<Permit> {
  const asked = performance.now();
  const permit = await limiter.acquire({ model, ...cost }, { signal, feed });
  tally.waitSeconds += (performance.now() - asked) / 1000;
  return permit;
}

function refusesFormat(error: unknown, format: AnswerFormat): boolean {
  if (format.kind === 'text' || !(error instanceof PermanentError) || error.reason !== 'rejected-by-api') return false;
  return /response.?format|json|schema|grammar|structured/i.test(error.message);
}

function formatOf(kind: AnswerFormat['kind'], answer: AnswerKind<unknown>): AnswerFormat {
  return kind === 'schema' ? { kind, name: answer.name, schema: answer.jsonSchema } : { kind };
}
