import type { CallCost } from '#shared/contracts/cost';
import { type CallUse, estimateCost } from './estimate-cost.ts';

/** Most of anything one answer is believed to have used. */
const MOST = 1e9;

/** What one answered call used and cost, for the records. What a provider says is held within reason. */
export function callCost(model: string, use: CallUse): CallCost {
  const believed = (value: number | undefined): number => Math.min(MOST, Math.max(0, value ?? 0));
  const audioSeconds = Math.round(believed(use.audioSeconds) * 1000) / 1000;
  const inputTokens = Math.round(believed(use.inputTokens));
  const outputTokens = Math.round(believed(use.outputTokens));
  const counted = use.inputTokens === undefined ? {} : { inputTokens, outputTokens };
  const dollars = estimateCost(model, { audioSeconds, ...counted })?.dollars;
  return {
    calls: 1,
    audioSeconds,
    inputTokens,
    outputTokens,
    ...(dollars === undefined ? {} : { dollars: Math.round(dollars * 1e6) / 1e6 }),
  };
}
