import type { z } from 'zod';
import { PermanentError } from '#shared/errors';
import type { BlobInfo, BlobStore } from './blob-store.ts';
import { stableJson } from './stable-json.ts';

/** The newest version of any artifact. */
const NEWEST_VERSION = 1;
const JSON_TYPE = { contentType: 'application/json' };
/** Issues of a schema that are named in a message; the rest is rarely more telling. */
const NAMED_ISSUES = 3;

/**
 * A JSON blob, checked. @returns undefined where there is none.
 * @throws PermanentError `invalid-artifact` when it is not JSON or not of that schema, `newer-artifact` when its version
 *   is not known yet, `blob-too-large` above `maxBytes`.
 */
export async function readJson<Schema extends z.ZodType>(
  store: Pick<BlobStore, 'read'>,
  key: string,
  schema: Schema,
  maxBytes: number,
): Promise<z.output<Schema> | undefined> {
  const bytes = await store.read(key, { maxBytes });
  if (bytes === undefined) return undefined;
  const value = parsed(key, bytes);
  refuseNewer(key, value);
  return checked(key, schema, value);
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
  return store.create(key, encoded(key, schema, value), JSON_TYPE);
}

/** As `createJson`, in the place of what was there. */
export async function putJson<Schema extends z.ZodType>(
  store: Pick<BlobStore, 'put'>,
  key: string,
  schema: Schema,
  value: z.input<Schema>,
): Promise<BlobInfo> {
  return store.put(key, encoded(key, schema, value), JSON_TYPE);
}

function encoded<Schema extends z.ZodType>(key: string, schema: Schema, value: z.input<Schema>): Buffer {
  return Buffer.from(`${stableJson(checked(key, schema, value))}\n`);
}

function parsed(key: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (error) {
    throw new PermanentError('invalid-artifact', `"${key}" is not JSON: ${String(error)}.`, { cause: error });
  }
}

/** Every artifact says its version; while services are being upgraded, an older one may meet what a newer one wrote. */
function refuseNewer(key: string, value: unknown): void {
  const version = typeof value === 'object' && value !== null && 'v' in value ? value.v : undefined;
  if (typeof version !== 'number' || !Number.isInteger(version) || version <= NEWEST_VERSION) return;
  throw new PermanentError(
    'newer-artifact',
    `"${key}" has version ${version}; this podline knows versions up to ${NEWEST_VERSION}. Upgrade this service.`,
  );
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
