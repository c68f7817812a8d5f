import { PermanentError } from '#shared/errors';

/**
 * JSON whose bytes depend on the content alone: keys in the order of their UTF-16 code units (integers first, as JavaScript
 * has it), no spaces, properties that are undefined left out. Storing an artifact twice gives the same digest.
 * @throws PermanentError `invalid-json` for what JSON would silently change (NaN, Infinity) or cannot express.
 */
export function stableJson(value: unknown): string {
  const text: string | undefined = JSON.stringify(value, ordered);
  if (text === undefined) throw new PermanentError('invalid-json', `JSON cannot express ${typeof value}.`);
  return text;
}

function ordered(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new PermanentError('invalid-json', `JSON cannot express ${value}, which is at "${key}".`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
