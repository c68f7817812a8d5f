import { UsageError } from './usage-error.ts';

/** One of the known values, or undefined where the option was not given. @throws UsageError naming the value. */
export function oneOf<T extends string>(flag: string, value: string | undefined, known: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const match = known.find((one) => one === value);
  if (match === undefined) throw new UsageError(`${flag}: expected ${known.join(', ')}; got "${value}".`);
  return match;
}

/** A whole number from 1 to 999,999. @throws UsageError naming the value. */
export function wholeNumber(flag: string, value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new UsageError(`${flag}: expected a whole number above 0; got "${value}".`);
  return Number(value);
}
