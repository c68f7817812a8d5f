/** What a chat model takes and gives. */
export interface ModelLimits {
  /** Prompt and answer together, in tokens. */
  contextTokens: number;
  /** Longest answer, in tokens. */
  maxAnswerTokens: number;
  /** Thinks before it answers: its thoughts count as answer, and it takes no temperature. */
  reasons: boolean;
}

const chat = (contextTokens: number, maxAnswerTokens: number): ModelLimits => ({
  contextTokens,
  maxAnswerTokens,
  reasons: false,
});

const reasoning = (contextTokens: number, maxAnswerTokens: number): ModelLimits => ({
  ...chat(contextTokens, maxAnswerTokens),
  reasons: true,
});

/**
 * The models of OpenAI's API that summarize well for their price. Context and answer: the models' pages at
 * developers.openai.com/api/docs/models. Prices stand in `#shared/rate-limit/prices`.
 */
const MODELS: Readonly<Record<string, ModelLimits>> = {
  'gpt-3.5-turbo': chat(16_385, 4_096),
  'gpt-4-turbo': chat(128_000, 4_096),
  'gpt-4o': chat(128_000, 16_384),
  'gpt-4o-mini': chat(128_000, 16_384),
  'gpt-4.1': chat(1_047_576, 32_768),
  'gpt-4.1-mini': chat(1_047_576, 32_768),
  'gpt-4.1-nano': chat(1_047_576, 32_768),
  'gpt-5': reasoning(400_000, 128_000),
  'gpt-5-mini': reasoning(400_000, 128_000),
  'gpt-5-nano': reasoning(400_000, 128_000),
  o3: reasoning(200_000, 100_000),
  'o4-mini': reasoning(200_000, 100_000),
};

/** What is assumed of a model nobody has described: the default model's context. */
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
