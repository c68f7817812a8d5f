import type { z } from 'zod';
import { PermanentError } from '#shared/errors';

/** Longest excerpt of a bad value that goes into an error, in characters. */
const EXCERPT = 120;

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
    return `${path === '' ? 'message' : path}: ${issue.message} (got ${excerpt(valueAt(value, issue.path))})`;
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

function excerpt(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text;
}
