import { CancelledError } from '#shared/errors';
import type { SummarizeContext, SummaryDraft, SummaryProvider } from '../summary-provider.ts';
import { hasSpeech, noSpeechSummary } from '../strategy/no-speech.ts';
import type { TranscriptInput } from '../transcript-input.ts';
import { cutParts } from './cut-parts.ts';
import { rankPart } from './rank-part.ts';
import { RankPool } from './rank-pool.ts';
import { guessLanguage } from './stop-words.ts';
import { summarizeTranscript } from './summarize-transcript.ts';
import { formsOf } from './words.ts';

export interface ExtractiveOptions {
  /** Sentences of a summary, where the episode asks for no other number. */
  sentences: number;
  /** Most worker threads at once, over all transcripts. */
  parallelism: number;
}

/**
 * Picks the sentences that say most: needs no model, no network and no key, and gives the same summary for the same
 * transcript. It names nobody and quotes nobody: telling people from places takes a model.
 */
export class ExtractiveProvider implements SummaryProvider {
  readonly name = 'extractive';
  readonly #sentences: number;
  readonly #pool: RankPool;

  constructor({ sentences, parallelism }: ExtractiveOptions) {
    this.#sentences = sentences;
    this.#pool = new RankPool(parallelism);
  }

  /** @throws CancelledError; nothing else, whatever the transcript. */
  async summarize(input: TranscriptInput, { signal, sentences }: SummarizeContext): Promise<SummaryDraft> {
    if (signal.aborted) throw new CancelledError();
    if (!hasSpeech(input)) return noSpeechSummary('extractive', input);
    const language = spokenLanguage(input);
    const parts = cutParts(input.segments, language);
    // A single part takes less time than a thread needs to start.
    const ranked = parts.length === 1 ? parts.map(rankPart) : await this.#pool.rankAll(parts, signal);
    const extract = summarizeTranscript(ranked, input.segments, {
      language,
      sentences: sentences ?? this.#sentences,
      seconds: input.seconds,
    });
    return {
      ...noSpeechSummary('extractive', input),
      ...extract,
      language,
      abstract: extract.sentences.map((sentence) => sentence.text).join(' '),
      figures: {
        parts: parts.length,
        calls: 0,
        promptTokens: 0,
        completionTokens: 0,
        droppedQuotes: 0,
        droppedNames: 0,
      },
    };
  }

  /** Stops the threads. */
  async close(): Promise<void> {
    await this.#pool.close();
  }
}

/** Enough words to tell a language by. */
const SAMPLE = 2000;

function spokenLanguage({ language, segments }: TranscriptInput): string {
  if (language !== 'und') return language;
  const sample: string[] = [];
  for (const segment of segments) {
    if (sample.length >= SAMPLE) break;
    sample.push(...formsOf(segment.text.toLowerCase(), 'und'));
  }
  return guessLanguage(sample) ?? language;
}
