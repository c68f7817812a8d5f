import { z } from 'zod';

const count = z.int().min(0);

/** What calls of a paid API used and cost. */
export const callCostSchema = z.strictObject({
  calls: count.describe('Calls that were answered'),
  audioSeconds: z.number().min(0).describe('Seconds of audio sent'),
  inputTokens: count.describe('As the provider counted them; 0 where it bills by the minute'),
  outputTokens: count,
  dollars: z.number().min(0).optional().describe('At list price; absent where the price of a call is not known'),
});
export type CallCost = z.infer<typeof callCostSchema>;

/** What an episode cost: the calls whose answers its transcript and its summary are made of. */
export const episodeCostSchema = z.strictObject({
  transcript: callCostSchema.optional(),
  summary: callCostSchema.optional(),
});
export type EpisodeCost = z.infer<typeof episodeCostSchema>;

/** All of them together; undefined of none. One call without a price leaves the sum without one. */
export function sumCosts(costs: readonly (CallCost | undefined)[]): CallCost | undefined {
  const known = costs.filter((cost) => cost !== undefined);
  if (known.length === 0) return undefined;
  const sum = (of: (cost: CallCost) => number): number => known.reduce((total, cost) => total + of(cost), 0);
  const dollars = known.some((cost) => cost.dollars === undefined) ? undefined : sum((cost) => cost.dollars ?? 0);
  return {
    calls: sum(({ calls }) => calls),
    audioSeconds: rounded(sum(({ audioSeconds }) => audioSeconds)),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    ...(dollars === undefined ? {} : { dollars: rounded(dollars) }),
  };
}

/** To a millionth: sums of the same costs give the same bytes, in whatever order. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
