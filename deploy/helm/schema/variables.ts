import { z } from 'zod';
import { serviceVariables } from '#shared/config/common';

type Variables = Record<string, z.ZodType>;

/** Variables the chart sets itself, from values of their own; secrets among them come from Secrets. */
const OWNED =
  /^(NATS_|S3_|STORAGE$|STREAM_REPLICAS$|HTTP_|SHUTDOWN_GRACE_SECONDS$|LOG_LEVEL$|WORK_DIR$|OPENAI_(ACCOUNT|BASE_URL|TRANSCRIBE_(REQUESTS|MAX_CONCURRENT|AUDIO)|SUMMARY_(REQUESTS|TOKENS|MAX_CONCURRENT))|RATE_LIMIT_MODE$|LOCAL_SUMMARY_BASE_URL$|WHISPER_(MODEL|MODELS|MODELS_DIR|WORKERS|THREADS)$|PODLINE_WHISPER_SERVER$)|(_MAX_ACK_PENDING|_MAX_BYTES|_MAX_AGE_SECONDS)$|KEY|SECRET|TOKEN$|PASSWORD/;

/** `DOWNLOAD_MAX_BYTES` is a limit of one file, not of a stream. */
const NOT_OWNED = /^DOWNLOAD_MAX_BYTES$/;

/** The `config` of a component: any other variable of its service, by name, checked as the service itself checks it. */
export function variablesOf(schema: z.ZodObject): z.ZodType {
  return configOf(schema.shape);
}

/** The `config` of all components. */
export function commonVariables(): z.ZodType {
  return configOf(serviceVariables);
}

function configOf(variables: Variables): z.ZodType {
  const free = Object.entries(variables).filter(([name]) => NOT_OWNED.test(name) || !OWNED.test(name));
  return z.strictObject(Object.fromEntries(free.map(([name, type]) => [name, valueOf(type).optional()])));
}

/** What YAML may hold for a variable: its text, or the number or flag the text stands for. */
function valueOf(type: z.ZodType): z.ZodType {
  const text = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
  const parsed = z.toJSONSchema(type, { io: 'output', unrepresentable: 'any' });
  const description = type.description ?? '';
  if (parsed.type === 'number') {
    const number = text.pattern?.includes('.') ? z.number() : z.int();
    return number
      .min(parsed.minimum ?? 0)
      .max(parsed.maximum ?? Number.MAX_SAFE_INTEGER)
      .describe(description);
  }
  const values = Array.isArray(text.enum) ? text.enum.map(String) : undefined;
  if (values?.every((value) => value === 'true' || value === 'false')) return z.boolean().describe(description);
  if (values) return z.enum(values as [string, ...string[]]).describe(description);
  const pattern = typeof text.pattern === 'string' ? z.string().regex(new RegExp(text.pattern)) : z.string();
  return pattern.describe(description);
}
