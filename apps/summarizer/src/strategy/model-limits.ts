/** What a chat model takes, gives and costs. */
export interface ModelLimits {
  /** Prompt and answer together, in tokens. */
  contextTokens: number;
  /** Longest answer, in tokens. */
  maxAnswerTokens: number;
  /** Thinks before it answers: its thoughts count as answer, and it takes no temperature. */
  reasons: boolean;
  /** List price, in US dollars a million tokens. */
  dollarsPerMillion?: { prompt: number; completion: number };
}

const chat = (contextTokens: number, maxAnswerTokens: number, prompt: number, completion: number): ModelLimits => ({
  contextTokens,
  maxAnswerTokens,
  reasons: false,
  dollarsPerMillion: { prompt, completion },
});

const reasoning = (
  contextTokens: number,
  maxAnswerTokens: number,
  prompt: number,
  completion: number,
): ModelLimits => ({
  ...chat(contextTokens, maxAnswerTokens, prompt, completion),
  reasons: true,
});

/**
 * The models of OpenAI's API that summarize well for their price. Context and answer: the models' pages at
 * developers.openai.com/api/docs/models; prices: openai.com/api/pricing, standard tier without cache discount, as of 2025.
 */
const MODELS: Readonly<Record<string, ModelLimits>> = {
  'gpt-3.5-turbo': chat(16_385, 4_096, 0.5, 1.5),
  'gpt-4-turbo': chat(128_000, 4_096, 10, 30),
  'gpt-4o': chat(128_000, 16_384, 2.5, 10),
  'gpt-4o-mini': chat(128_000, 16_384, 0.15, 0.6),
  'gpt-4.1': chat(1_047_576, 32_768, 2, 8),
  'gpt-4.1-mini': chat(1_047_576, 32_768, 0.4, 1.6),
  'gpt-4.1-nano': chat(1_047_576, 32_768, 0.1, 0.4),
  'gpt-5': reasoning(400_000, 128_000, 1.25, 10),
  'gpt-5-mini': reasoning(400_000, 128_000, 0.25, 2),
  'gpt-5-nano': reasoning(400_000, 128_000, 0.05, 0.4),
  o3: reasoning(200_000, 100_000, 2, 8),
  'o4-mini': reasoning(200_000, 100_000, 1.1, 4.4),
};

/** What is assumed of a model nobody has described: the default model's context, and no price. */
const UNKNOWN: ModelLimits = { contextTokens: 128_000, maxAnswerTokens: 16_384, reasons: false };

/** What an operator says of models, by their names: it goes before what is known here. In tokens. */
export type ModelTable = ReadonlyMap<string, { contextTokens: number; maxAnswerTokens?: number | undefined }>;

/** The limits of a model; dated snapshots ("gpt-4o-mini-2024-07-18") have those of their model. */
export function modelLimits(name: string, table?: ModelTable): ModelLimits {
  const known = knownLimits(name);
  const described = table?.get(name);
  if (described === undefined) return known;
  const { contextTokens, maxAnswerTokens = Math.min(known.maxAnswerTokens, contextTokens) } = described;
  return { ...known, contextTokens, maxAnswerTokens };
}

function knownLimits(name: string): ModelLimits {
  const model = name.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  if (Object.hasOwn(MODELS, model)) return MODELS[model] ?? UNKNOWN;
  // Every newer generation reasons, and takes what its forerunner takes.
  return /^(?:gpt-[5-9]|o\d)/.test(model) && !model.includes('chat') ? { ...UNKNOWN, reasons: true } : UNKNOWN;
}

/** What these tokens cost at list price, in US dollars. @returns undefined where the price is not known. */
export function costInDollars(limits: ModelLimits, promptTokens: number, completionTokens: number): number | undefined {
  const price = limits.dollarsPerMillion;
  if (price === undefined) return undefined;
  return Math.round(promptTokens * price.prompt + completionTokens * price.completion) / 1e6;
}
