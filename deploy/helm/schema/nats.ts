import { z } from 'zod';
import { asIs, listAsIs, name, resources, secretKey, size, texts, whole } from './quantities.ts';

const embedded = z.strictObject({
  enabled: z.boolean(),
  replicas: z.union([z.literal(1), z.literal(3)]),
  image: z.strictObject({ repository: z.string().min(1), tag: z.string().min(1), pullPolicy: z.string() }),
  resources: resources(),
  persistence: z.strictObject({ size: size(), storageClass: z.string(), accessMode: z.string() }),
  syncInterval: z.string().regex(/^(always|[1-9]\d*(s|m))$/),
  auth: z.strictObject({ existingSecret: name() }),
  tls: z.strictObject({ enabled: z.boolean(), secretName: name() }),
  reloader: z.strictObject({
    enabled: z.boolean(),
    image: z.strictObject({ repository: z.string().min(1), tag: z.string().min(1) }),
  }),
  podDisruptionBudget: z.strictObject({ enabled: z.boolean() }),
  antiAffinity: z.enum(['soft', 'hard', 'none']),
  nodeSelector: texts(),
  tolerations: listAsIs(),
  affinity: asIs(),
  topologySpread: listAsIs(),
  priorityClassName: name(),
  podAnnotations: texts(),
  extraConfig: z.string(),
});

const external = z.strictObject({
  url: z.string().regex(/^(|(nats|tls|wss?):\/\/\S+)$/),
  existingSecret: name(),
  keys: z.strictObject({ user: z.string(), password: z.string(), token: z.string(), credentials: z.string() }),
  tls: z.strictObject({ caSecret: name(), caKey: secretKey(), clientSecret: name() }),
  monitoringEndpoint: z.string(),
  account: z.string(),
  ports: z.array(whole(1, 65_535)).min(1),
});

export const nats = z.strictObject({
  embedded,
  external,
  streamReplicas: z.union([z.literal(1), z.literal(3), z.literal(5), z.null()]),
});

export const streams = z.strictObject({
  jobsMaxBytes: size(),
  eventsMaxBytes: size(),
  eventsMaxAgeSeconds: whole(60, 31_536_000),
  deadLettersMaxBytes: size(),
  audioMaxBytes: size(),
  audioMaxAgeSeconds: whole(3600, 31_536_000),
  resultsMaxBytes: size(),
  resultsMaxAgeSeconds: whole(0, 3_153_600_000),
});
