import { type Price, priceOf } from './prices.ts';

/** What a call uses, or used. */
export interface CallUse {
  audioSeconds?: number | undefined;
  inputTokens?: number | undefined;
  /** Part of the input that the provider had seen before. */
  cachedInputTokens?: number;
  outputTokens?: number | undefined;
}

export interface CostEstimate {
  /** US dollars at list price. */
  dollars: number;
  price: Price;
}

/**
 * What a call costs at list price: by tokens where they are known and the model is billed by them, else by the minute.
 * @returns undefined for a model whose price is not known, such as one that runs at home.
 */
export function estimateCost(model: string, use: CallUse): CostEstimate | undefined {
  const price = priceOf(model);
  if (!price) return undefined;
  const dollars = byTokens(price, use) ?? byMinutes(price, use);
  return dollars === undefined ? undefined : { dollars, price };
}

function byTokens(price: Price, use: CallUse): number | undefined {
  const { perMillionInputTokens, perMillionOutputTokens } = price;
  if (perMillionInputTokens === undefined || perMillionOutputTokens === undefined) return undefined;
  const { inputTokens, outputTokens = 0 } = use;
  if (inputTokens === undefined) return undefined;
  const cached = Math.min(use.cachedInputTokens ?? 0, inputTokens);
  const input = (inputTokens - cached) * perMillionInputTokens;
  const again = cached * (price.perMillionCachedInputTokens ?? perMillionInputTokens);
  return (input + again + outputTokens * perMillionOutputTokens) / 1_000_000;
}

function byMinutes({ perMinute }: Price, { audioSeconds }: CallUse): number | undefined {
  return perMinute === undefined || audioSeconds === undefined ? undefined : (audioSeconds / 60) * perMinute;
}
