/** What a model costs, in US dollars. */
export interface Price {
  /** Of audio; for models billed by tokens, the provider's own estimate. */
  perMinute?: number;
  perMillionInputTokens?: number;
  perMillionCachedInputTokens?: number;
  perMillionOutputTokens?: number;
  /** The page it was read on, and when. Prices change: look there before you rely on them. */
  source: string;
  asOf: string;
}

const MODELS = 'https://developers.openai.com/api/docs/models/';
const PRICING = 'https://developers.openai.com/api/docs/pricing';
const AS_OF = '2026-11-21';

function read(model: string, prices: Omit<Price, 'source' | 'asOf'>): Price {
  return { ...prices, source: `${MODELS}${model}`, asOf: AS_OF };
}

function text(model: string, input: number, cached: number, output: number): Price {
  return read(model, {
    perMillionInputTokens: input,
    perMillionCachedInputTokens: cached,
    perMillionOutputTokens: output,
  });
}

/** Of older models, whose prices were not looked up again since. */
function earlier(model: string, input: number, cached: number, output: number): Price {
  return { ...text(model, input, cached, output), source: PRICING, asOf: '2026-03-21' };
}

/** List prices of the models podline is used with, without taxes and discounts. */
export const PRICES: Readonly<Record<string, Price>> = {
  'whisper-1': read('whisper-1', { perMinute: 0.006 }),
  'gpt-transcribe': read('gpt-transcribe', { perMinute: 0.0045 }),
  'gpt-4o-transcribe': {
    ...read('gpt-4o-transcribe', { perMinute: 0.006, perMillionInputTokens: 2.5, perMillionOutputTokens: 10 }),
    source: PRICING,
  },
  'gpt-4o-mini-transcribe': {
    ...read('gpt-4o-mini-transcribe', { perMinute: 0.003, perMillionInputTokens: 1.25, perMillionOutputTokens: 5 }),
    source: PRICING,
  },
  'gpt-3.5-turbo': earlier('gpt-3.5-turbo', 0.5, 0.5, 1.5),
  'gpt-4-turbo': earlier('gpt-4-turbo', 10, 10, 30),
  'gpt-4.1': earlier('gpt-4.1', 2, 0.5, 8),
  'gpt-4.1-nano': earlier('gpt-4.1-nano', 0.1, 0.025, 0.4),
  'gpt-5': earlier('gpt-5', 1.25, 0.125, 10),
  o3: earlier('o3', 2, 0.5, 8),
  'o4-mini': earlier('o4-mini', 1.1, 0.275, 4.4),
  'gpt-4o': text('gpt-4o', 2.5, 1.25, 10),
  'gpt-4o-mini': text('gpt-4o-mini', 0.15, 0.075, 0.6),
  'gpt-4.1-mini': text('gpt-4.1-mini', 0.4, 0.1, 1.6),
  'gpt-5-mini': text('gpt-5-mini', 0.25, 0.025, 2),
  'gpt-5-nano': text('gpt-5-nano', 0.05, 0.005, 0.4),
  'gpt-5.4-mini': text('gpt-5.4-mini', 0.75, 0.075, 4.5),
  'gpt-5.4-nano': text('gpt-5.4-nano', 0.2, 0.02, 1.25),
};

/** The price of a model, or of the model a dated snapshot (`gpt-4o-2024-08-06`) belongs to. */
export function priceOf(model: string): Price | undefined {
  return Object.hasOwn(PRICES, model) ? PRICES[model] : PRICES[model.replace(/-\d{4}-\d{2}-\d{2}$/, '')];
}
