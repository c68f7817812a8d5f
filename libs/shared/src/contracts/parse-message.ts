import type { z } from 'zod';
import { PermanentError } from '#shared/errors';
import { textWithoutCredentials } from './without-credentials.ts';

/** Longest excerpt of a bad value that goes into an error, in characters. */
const EXCERPT = 120;
/** Longest description of one bad field, in characters: names of unknown fields are a stranger's text too. */
const PROBLEM = 300;

/**
 * Reads a message as JSON of this schema.
 * @throws PermanentError `malformed-json` or `invalid-message`, naming each bad field, its value and what was expected.
 */
export function parseMessage<T extends z.ZodType>(schema: T, data: Uint8Array): z.output<T> {
  return parseValue(schema, readJson(data));
}

/** The same for a value that is already decoded. */
export function parseValue<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 5).map((issue) => {
    const path = issue.path.map(String).join('.');
    const got = `(got ${excerpt(valueAt(value, issue.path))})`;
    return `${cut(`${path === '' ? 'message' : path}: ${issue.message}`, PROBLEM)} ${got}`;
  });
  throw new PermanentError('invalid-message', `The message is not valid. ${problems.join('; ')}`);
}

function readJson(data: Uint8Array): unknown {
  const text = Buffer.from(data).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PermanentError(
      'malformed-json',
      `The message is not JSON: got ${excerpt(text)}. Publish one JSON object.`,
      {
        cause: error,
      },
    );
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** The value as JSON, cut short. URLs lose their credentials: what is refused is logged and stored. */
function excerpt(value: unknown): string {
  if (value === undefined) return 'nothing';
  try {
    const redacted = JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'string' ? textWithoutCredentials(inner) : inner,
    );
    return cut(redacted, EXCERPT);
  } catch {
    return 'a value nested too deep to be shown';
  }
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
