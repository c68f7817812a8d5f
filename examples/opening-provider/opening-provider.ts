import { CancelledError } from '#shared/errors';
import type { SummarizeContext, SummaryDraft, SummaryProvider } from '../../apps/summarizer/src/summary-provider.ts';
import type { TranscriptInput } from '../../apps/summarizer/src/transcript-input.ts';

/** Characters of a segment that say what the episode is about, where a presenter comes to the point. */
const SHORTEST = 20;

/**
 * The smallest summary provider there can be: an episode is what its first segments say. CONTRIBUTING.md walks through it;
 * `name` is one of `SUMMARY_PROVIDERS`, to which a provider of your own adds its name.
 */
export class OpeningProvider implements SummaryProvider {
  readonly name = 'extractive';
  readonly #segments: number;

  /** @param segments how many of an episode's first segments are taken. */
  constructor(segments: number) {
    this.#segments = segments;
  }

  summarize(input: TranscriptInput, context: SummarizeContext): Promise<SummaryDraft> {
    if (context.signal.aborted) return Promise.reject(new CancelledError());
    const said = input.segments.filter(({ text }) => text.trim().length >= SHORTEST);
    const opening = said.slice(0, this.#segments);
    const abstract = opening.map(({ text }) => text.trim()).join(' ');
    return Promise.resolve({
      provider: this.name,
      language: input.language,
      ...(input.title === undefined ? {} : { title: input.title }),
      oneLine: opening[0]?.text.trim() ?? 'Nothing is said.',
      abstract: abstract === '' ? 'Nothing is said.' : abstract,
      keyPoints: [],
      chapters: [],
      people: [],
      organisations: [],
      quotes: [],
      keywords: [],
      sentences: opening.map(({ start, end, text }) => ({ start, end, text: text.trim() })),
      figures: { parts: 1, calls: 0, promptTokens: 0, completionTokens: 0, droppedQuotes: 0, droppedNames: 0 },
    });
  }
}
