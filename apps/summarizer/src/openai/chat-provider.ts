import type { SummarizeContext, SummaryDraft, SummaryProvider } from '../summary-provider.ts';
import { CancelledError } from '#shared/errors';
import { callCost } from '#shared/rate-limit/call-cost';
import { languageCode, UNDETERMINED } from '#shared/transcription/language';
import type { CountTokens } from '../strategy/count-tokens.ts';
import type { Gate } from '#shared/parallel/gate';
import type { ModelLimits } from '../strategy/model-limits.ts';
import { hasSpeech, noSpeechSummary } from '../strategy/no-speech.ts';
import { shareContext } from '../strategy/plan-calls.ts';
import type { TranscriptInput } from '../transcript-input.ts';
import { SUMMARY_ANSWER } from './answer-schemas.ts';
import { FormatLadder, type Tally } from './ask-model.ts';
import type { AnswerFormat, ChatClient } from './chat-client.ts';
import { oneLineOf } from './check-answer.ts';
import type { Limiter } from './limiter.ts';
import { modelSummary, type ModelSummary } from './model-summary.ts';
import { messagesFor } from './prompts.ts';

/** Longest texts that are kept, in characters. */
const LONGEST = { title: 200, oneLine: 400, abstract: 8_000 } as const;

/** A model as it is found when it is needed: a local server tells only then. */
export interface FoundModel {
  model: string;
  limits: ModelLimits;
}

export interface ChatProviderOptions {
  name: 'openai' | 'local';
  /** Shown while the model is not asked yet. */
  model: string;
  client: ChatClient;
  limiter: Limiter;
  findModel: (signal: AbortSignal) => Promise<FoundModel>;
  countTokens: () => Promise<CountTokens>;
  /** Formats the server may know, the best first. With only one, answers must fit it exactly. */
  formats: readonly AnswerFormat['kind'][];
  /** Lets in who asks about a part of a transcript, over all episodes and models; the limiter bounds calls of any kind. */
  parts: Gate;
  /** Sentences of an abstract, where the episode asks for no other number. */
  sentences: number;
}

/** Summarizes with a chat model behind an OpenAI-compatible API. */
export class ChatProvider implements SummaryProvider {
  readonly name: 'openai' | 'local';
  readonly model: string;
  readonly #options: ChatProviderOptions;
  readonly #formats: FormatLadder;

  constructor(options: ChatProviderOptions) {
    this.name = options.name;
    this.model = options.model;
    this.#options = options;
    this.#formats = new FormatLadder(options.formats);
  }

  /** @throws PermanentError, RetryableError or CancelledError; see `askModel`, `chatError` and `shareContext`. */
  async summarize(input: TranscriptInput, { signal, sentences, feed }: SummarizeContext): Promise<SummaryDraft> {
    if (signal.aborted) throw new CancelledError();
    if (!hasSpeech(input)) return noSpeechSummary(this.name, input, this.model);
    const { client, limiter, findModel, countTokens, parts } = this.#options;
    const started = performance.now();
    const [{ model, limits }, count] = await Promise.all([findModel(signal), countTokens()]);
    const language = languageCode(input.language) ?? UNDETERMINED;
    const task = {
      answer: SUMMARY_ANSWER,
      data: 'transcript',
      language,
      sentences: sentences ?? this.#options.sentences,
    } as const;
    // The schema counts as prompt in either form, so the longest one is measured.
    const longest = messagesFor(task, { kind: 'json' }, input.title ?? '');
    const tally: Tally = { calls: 0, promptTokens: 0, completionTokens: 0, waitSeconds: 0 };
    const summary = await modelSummary(input, {
      asker: {
        model,
        client,
        limiter,
        feed,
        count,
        temperature: limits.reasons ? undefined : 0,
        formats: this.#formats,
      },
      budget: shareContext(limits, count(longest.map(({ content }) => content).join('\n'))),
      gate: parts,
      tally,
      signal,
      language,
      sentences: task.sentences,
    });
    const workSeconds = round((performance.now() - started) / 1000);
    return this.#draft(input, model, summary, tally, workSeconds);
  }

  #draft(
    input: TranscriptInput,
    model: string,
    { answer, lists, figures }: ModelSummary,
    tally: Tally,
    workSeconds: number,
  ): SummaryDraft {
    const { points, chapters, people, organisations, quotes, keywords } = lists;
    const { calls, promptTokens, completionTokens, waitSeconds } = tally;
    const used = { inputTokens: promptTokens, outputTokens: completionTokens };
    const dollars = this.name === 'openai' ? callCost(model, used).dollars : undefined;
    const given = oneLineOf(input.title ?? '', LONGEST.title);
    const title = given === '' ? oneLineOf(answer.title, LONGEST.title) : given;
    return {
      provider: this.name,
      model,
      language: input.language === UNDETERMINED ? (languageCode(answer.language) ?? UNDETERMINED) : input.language,
      ...(title === '' ? {} : { title }),
      oneLine: oneLineOf(answer.oneLine, LONGEST.oneLine),
      abstract: oneLineOf(answer.abstract, LONGEST.abstract),
      keyPoints: points,
      chapters,
      people,
      organisations,
      quotes,
      keywords,
      sentences: [],
      figures: {
        ...figures,
        calls,
        promptTokens,
        completionTokens,
        measured: { workSeconds, waitSeconds: round(waitSeconds) },
      },
      ...(dollars === undefined ? {} : { dollars }),
    };
  }
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;
