import { z } from 'zod';
import { caretakerConfigSchema } from '#shared/config/caretaker';
import { downloaderConfigSchema } from '#shared/config/downloader';
import { summarizerConfigSchema } from '#shared/config/summarizer';
import { openaiTranscriberConfigSchema, whisperConfigSchema } from '#shared/config/transcriber';
import { component, podSettings } from './component.ts';
import { nats, streams } from './nats.ts';
import { asIs, listAsIs, name, resources, secretKey, size, texts, whole } from './quantities.ts';
import { commonVariables, variablesOf } from './variables.ts';

const limit = () => whole(1, 1_000_000_000).nullable();
const maxAckPending = whole(1, 100_000);
const url = () => z.string().regex(/^(|https?:\/\/\S+)$/);

const openai = z.strictObject({
  existingSecret: name(),
  secretKey: secretKey(),
  baseUrl: z.string().regex(/^https?:\/\/\S+$/),
  account: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/),
  mode: z.enum(['adaptive', 'conservative']),
  overwriteLimits: z.boolean(),
  limits: z.strictObject({
    transcription: z.strictObject({
      requestsPerMinute: whole(1, 1_000_000),
      maxConcurrent: whole(1, 1000),
      requestsPerDay: limit(),
      audioSecondsPerMinute: limit(),
      audioSecondsPerDay: limit(),
    }),
    summary: z.strictObject({
      requestsPerMinute: whole(1, 1_000_000),
      tokensPerMinute: whole(1, 1_000_000_000),
      maxConcurrent: whole(1, 1000),
      requestsPerDay: limit(),
    }),
  }),
});

const modelName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

const transcriberWhisper = component(variablesOf(whisperConfigSchema), {
  maxAckPending,
  models: z.array(modelName).min(1),
  workers: whole(1, 256),
  threads: whole(1, 256),
  modelCache: z.strictObject({
    type: z.enum(['emptyDir', 'claim']),
    size: size(),
    storageClass: z.string(),
    accessMode: z.enum(['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod']),
    existingClaim: name(),
    mirror: url(),
  }),
  gpu: z.strictObject({
    enabled: z.boolean(),
    resourceName: z.string().regex(/^[a-z0-9.-]+\/[A-Za-z0-9._-]+$/),
    count: whole(1, 64),
    tagSuffix: z.string(),
  }),
});

const llama = z.strictObject({
  enabled: z.boolean(),
  image: z.strictObject({ repository: z.string().min(1), tag: z.string().min(1), pullPolicy: z.string() }),
  model: z.strictObject({
    url: url(),
    sha256: z.string().regex(/^([0-9a-f]{64})?$/),
    existingClaim: name(),
    file: z.string(),
  }),
  contextTokens: whole(512, 1_000_000),
  parallel: whole(1, 64),
  cacheSize: size(),
  resources: resources(),
  gpu: z.strictObject({ enabled: z.boolean(), resourceName: z.string(), count: whole(1, 64), layers: whole(0, 1000) }),
  nodeSelector: texts(),
  tolerations: listAsIs(),
  affinity: asIs(),
});

/** Everything `values.yaml` may hold; `values.schema.json` is made from it. */
export const valuesSchema = z.strictObject({
  global: asIs().optional(),
  nameOverride: z.string(),
  fullnameOverride: z.string().max(40),
  image: z.strictObject({
    repository: z.string().min(1),
    tag: z.string(),
    pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
    pullSecrets: listAsIs(),
  }),
  defaults: z.strictObject({ ...podSettings, config: commonVariables() }),
  downloader: component(variablesOf(downloaderConfigSchema), { maxAckPending, workVolume: asIs() }),
  transcriberWhisper,
  transcriberOpenai: component(variablesOf(openaiTranscriberConfigSchema), { maxAckPending }),
  summarizer: component(variablesOf(summarizerConfigSchema), {
    maxAckPending,
    localUrl: url(),
    localApiKey: z.strictObject({ existingSecret: name(), secretKey: secretKey() }),
  }),
  caretaker: component(variablesOf(caretakerConfigSchema), {
    maxAckPending,
    webhookSecret: z.strictObject({ existingSecret: name(), secretKey: secretKey() }),
  }),
  openai,
  llama,
  nats,
  streams,
  storage: z.strictObject({
    type: z.enum(['nats', 's3']),
    s3: z.strictObject({
      endpoint: url(),
      region: z.string(),
      bucket: z.string(),
      prefix: z.string().regex(/^([A-Za-z0-9._-]+\/)*$/),
      forcePathStyle: z.boolean().nullable(),
      existingSecret: name(),
      accessKeyIdKey: secretKey(),
      secretAccessKeyKey: secretKey(),
    }),
  }),
  networkPolicy: z.strictObject({
    enabled: z.boolean(),
    dns: listAsIs(),
    publicAddresses: listAsIs(),
    metricsFrom: listAsIs(),
    natsFrom: listAsIs(),
  }),
  monitoring: z.strictObject({
    podMonitor: z.strictObject({ enabled: z.boolean(), labels: texts(), interval: z.string() }),
    serviceMonitor: z.strictObject({ enabled: z.boolean(), labels: texts(), interval: z.string() }),
    prometheusRule: z.strictObject({
      enabled: z.boolean(),
      labels: texts(),
      runbookPrefix: z.string().regex(/^(|https?:\/\/\S+\/)$/),
    }),
    dashboards: z.strictObject({ enabled: z.boolean(), labels: texts(), annotations: texts() }),
  }),
  tests: z.strictObject({ timeoutSeconds: whole(10, 3600), provider: z.enum(['whisper', 'openai']) }),
});

/** `values.schema.json`, as Helm reads it. */
export function valuesJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(valuesSchema, { target: 'draft-7', io: 'input', reused: 'ref' });
}
