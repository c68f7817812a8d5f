import { ExtractiveProvider } from '../../../apps/summarizer/src/extractive/extractive-provider.ts';
import { timedSentences } from '../../../apps/summarizer/src/extractive/timed-sentences.ts';
import { rouge1, rougeL } from '../rouge.ts';
import { type EvaluationText, readCorpus } from './corpus.ts';

/** Mean F1 of a method over some texts, and how long its summaries are. */
export interface Score {
  method: string;
  rouge1: number;
  rougeL: number;
  words: number;
}

/** One table: every method under the same limit on the same texts. */
export interface Comparison {
  texts: string;
  limit: string;
  scores: Score[];
  /** Mean of ROUGE-1 of extractive minus that of lead, with half the width of its 95 % interval. */
  gain: { mean: number; halfWidth: number };
}

/** The sentences of one text, ordered by how much a method wants each. */
type Order = (text: EvaluationText) => Promise<readonly string[][]>;

const THREE = 3;
const MOST_WORDS = 100;
const DRAWS = 200;

/**
 * Extractive against the first sentences (lead) and random ones, at three sentences each and at no more than 100 words each:
 * F1 rewards length up to that of the reference, so the second is the fair one.
 */
export async function evaluateSummaries(): Promise<Comparison[]> {
  const corpus = await readCorpus();
  const groups = [
    ['held-out', corpus.filter((text) => !text.tuned)],
    ['tuning', corpus.filter((text) => text.tuned)],
    ['all', corpus],
  ] as const;
  const limits: [string, (sentences: readonly string[]) => string[]][] = [
    [`${THREE} sentences`, (sentences) => sentences.slice(0, THREE)],
    [`${MOST_WORDS} words`, withinWords],
  ];
  const comparisons: Comparison[] = [];
  for (const [name, texts] of groups) {
    for (const [limit, cut] of limits) comparisons.push(await compare(`${name} (${texts.length})`, texts, limit, cut));
  }
  return comparisons;
}

async function compare(
  name: string,
  texts: readonly EvaluationText[],
  limit: string,
  cut: (sentences: readonly string[]) => string[],
): Promise<Comparison> {
  const methods: [string, Order][] = [
    ['extractive', extractiveOrder],
    ['lead', async (text) => [sentencesOf(text)]],
    ['random', async (text) => shuffles(sentencesOf(text))],
  ];
  const scores: Score[] = [];
  const perText = new Map<string, number[]>();
  for (const [method, order] of methods) {
    const results = await Promise.all(texts.map(async (text) => scoreText(text, await order(text), cut)));
    perText.set(
      method,
      results.map((result) => result.rouge1),
    );
    scores.push({
      method,
      rouge1: mean(results.map((result) => result.rouge1)),
      rougeL: mean(results.map((result) => result.rougeL)),
      words: mean(results.map((result) => result.words)),
    });
  }
  const lead = perText.get('lead')!;
  return { texts: name, limit, scores, gain: interval(perText.get('extractive')!.map((value, i) => value - lead[i]!)) };
}

/** The mean over several orders of one text. */
function scoreText(
  text: EvaluationText,
  orders: readonly (readonly string[])[],
  cut: (s: readonly string[]) => string[],
) {
  const all = sentencesOf(text);
  const results = orders.map((order) => {
    const chosen = new Set(cut(order));
    const summary = all.filter((sentence) => chosen.has(sentence)).join(' ');
    const { language } = text.input;
    return {
      rouge1: rouge1(text.reference, summary, language).f1,
      rougeL: rougeL(text.reference, summary, language).f1,
      words: wordCount(summary),
    };
  });
  return {
    rouge1: mean(results.map((result) => result.rouge1)),
    rougeL: mean(results.map((result) => result.rougeL)),
    words: mean(results.map((result) => result.words)),
  };
}

/** Asks for one sentence more each time: what is new is the next one the method wants. */
const extractiveOrder: Order = async ({ input }) => {
  const order: string[] = [];
  for (let sentences = 1; sentences <= 15; sentences++) {
    const provider = new ExtractiveProvider({ sentences, parallelism: 1 });
    const summary = await provider.summarize(input, { signal: new AbortController().signal });
    const added = summary.sentences.find(({ text }) => !order.includes(text));
    if (added !== undefined) order.push(added.text);
  }
  return [order];
};

const sentencesOf = ({ input }: EvaluationText): string[] =>
  timedSentences(input.segments, input.language).map((sentence) => sentence.text);

/** The first sentences that together have no more words than the limit. */
function withinWords(sentences: readonly string[]): string[] {
  let words = 0;
  const end = sentences.findIndex((sentence) => (words += wordCount(sentence)) > MOST_WORDS);
  return sentences.slice(0, end === -1 ? undefined : end);
}

/** The same random orders on every run (multiplicative congruential generator of Park and Miller). */
function shuffles(sentences: readonly string[]): string[][] {
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 0x7fffffff);
  return Array.from({ length: DRAWS }, () =>
    sentences
      .map((sentence) => ({ sentence, key: random() }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ sentence }) => sentence),
  );
}

const wordCount = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Normal approximation: with so few texts, read it as an order of magnitude. */
function interval(differences: readonly number[]): { mean: number; halfWidth: number } {
  const centre = mean(differences);
  const variance = differences.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (differences.length - 1);
  return { mean: centre, halfWidth: 1.96 * Math.sqrt(variance / differences.length) };
}

/** The comparisons as lines of a Markdown table. */
export function tableOf(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap(({ texts, limit, scores, gain }) =>
    scores.map(({ method, rouge1, rougeL, words }) => {
      const last = method === 'extractive' ? `${signed(gain.mean)} ± ${gain.halfWidth.toFixed(3)}` : '';
      return `| ${texts} | ${limit} | ${method} | ${rouge1.toFixed(3)} | ${rougeL.toFixed(3)} | ${words.toFixed(0)} | ${last} |`;
    }),
  );
  return [
    '| texts | limit | method | ROUGE-1 F1 | ROUGE-L F1 | words | ROUGE-1 over lead |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

const signed = (value: number): string => (value < 0 ? '' : '+') + value.toFixed(3);

if (import.meta.main) console.log(tableOf(await evaluateSummaries()));
