import type { LanguageProbe } from '#shared/contracts/language-decision';
import { AUTO, UNDETERMINED } from '../language.ts';

/** So many that agree, and are this sure on average, are believed without the others. */
const ENOUGH = { probes: 3, probability: 0.6 };

/**
 * The language most of what was heard is in: each probe counts by how sure the engine was, so that music, of which it is
 * never sure, counts little.
 * @returns "auto" where no probe named a language.
 */
export function weighProbes(probes: readonly LanguageProbe[]): { language: string; share: number } {
  const sums = new Map<string, number>();
  for (const { language, probability } of probes) {
    if (language !== UNDETERMINED) sums.set(language, (sums.get(language) ?? 0) + probability);
  }
  const total = [...sums.values()].reduce((sum, one) => sum + one, 0);
  const [best] = [...sums].toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  if (best === undefined || total === 0) return { language: AUTO, share: 0 };
  return { language: best[0], share: Math.round((best[1] / total) * 1000) / 1000 };
}

/** Whether what was heard so far says enough. */
export function isSettled(probes: readonly LanguageProbe[]): boolean {
  const [first] = probes;
  if (first === undefined || probes.length < ENOUGH.probes) return false;
  const sure = probes.reduce((sum, { probability }) => sum + probability, 0) / probes.length;
  return sure >= ENOUGH.probability && probes.every(({ language }) => language === first.language);
}
