import type { z } from 'zod';
import { PermanentError } from '#shared/errors';
import type { BlobInfo, BlobStore } from './blob-store.ts';
import { stableJson } from './stable-json.ts';

/** Issues of a schema that are named in a message; the rest is rarely more telling. */
const NAMED_ISSUES = 3;

/**
 * A JSON blob, checked. @returns undefined where there is none.
 * @throws PermanentError `invalid-artifact` when it is not JSON or not of that schema, `blob-too-large` above `maxBytes`.
 */
export async function readJson<Schema extends z.ZodType>(
  store: Pick<BlobStore, 'read'>,
  key: string,
  schema: Schema,
  maxBytes: number,
): Promise<z.output<Schema> | undefined> {
  const bytes = await store.read(key, { maxBytes });
  if (bytes === undefined) return undefined;
  return checked(key, schema, parsed(key, bytes));
}

/**
 * Stores a value as JSON, unless the key is taken: the same value always gives the same bytes.
 * @throws PermanentError `invalid-artifact` when the value is not of the schema.
 */
export async function createJson<Schema extends z.ZodType>(
  store: Pick<BlobStore, 'create'>,
  key: string,
  schema: Schema,
  value: z.input<Schema>,
): Promise<{ created: boolean; info: BlobInfo }> {
  const text = `${stableJson(checked(key, schema, value))}\n`;
  return store.create(key, Buffer.from(text), { contentType: 'application/json' });
}

function parsed(key: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (error) {
    throw new PermanentError('invalid-artifact', `"${key}" is not JSON: ${String(error)}.`, { cause: error });
  }
}

function checked<Schema extends z.ZodType>(key: string, schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const named = issues
    .slice(0, NAMED_ISSUES)
    .map(({ path, message }) => `${path.join('.') || 'the value'}: ${message}`);
  const more = issues.length > NAMED_ISSUES ? `; and ${issues.length - NAMED_ISSUES} more` : '';
  throw new PermanentError('invalid-artifact', `"${key}" is not as expected. ${named.join('; ')}${more}.`, {
    cause: result.error,
  });
}
