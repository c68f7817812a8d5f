import { z } from 'zod';
import { LOG_LEVELS } from '#shared/contracts/log-level';
import { DEFAULTS } from './defaults.ts';
import { bytes, flag, headerPairs, httpUrl, integer } from './variables.ts';

const replicas = z.enum(['1', '3', '5'], { error: 'expected 1, 3 or 5' }).transform(Number);

/** How to reach NATS. */
export const natsVariables = {
  NATS_URL: z
    .string()
    .regex(/^(nats|tls|wss?):\/\/\S+$/, 'expected one or more nats:// URLs, separated by commas')
    .default(DEFAULTS.nats.url)
    .describe('NATS servers, separated by commas'),
  NATS_USER: z.string().optional().describe('User name'),
  NATS_PASSWORD: z.string().optional().describe('Password of NATS_USER'),
  NATS_TOKEN: z.string().optional().describe('Token, instead of user and password'),
  NATS_CREDS_FILE: z.string().optional().describe('Path of a credentials file (JWT and seed)'),
  NATS_INBOX_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, 'expected letters, digits, _ and -, in parts separated by dots')
    .optional()
    .describe('First part of the subjects answers come on, where NATS permits only that; default: _INBOX'),
  NATS_TLS_CA_FILE: z.string().optional().describe('Path of the CA certificate, for TLS'),
  NATS_TLS_CERT_FILE: z.string().optional().describe('Path of the client certificate, for mutual TLS'),
  NATS_TLS_KEY_FILE: z.string().optional().describe('Path of the client key, for mutual TLS'),
};

/** Size and safety of what podline keeps in JetStream. */
export const streamVariables = {
  STREAM_REPLICAS: replicas
    .default(DEFAULTS.nats.streamReplicas)
    .describe('Copies of every stream: 1, or 3 in a cluster'),
  JOBS_MAX_BYTES: bytes().default(DEFAULTS.streams.jobsMaxBytes).describe('Size of each job queue'),
  EVENTS_MAX_BYTES: bytes().default(DEFAULTS.streams.eventsMaxBytes).describe('Size of the event stream'),
  EVENTS_MAX_AGE_SECONDS: integer(60, 31_536_000)
    .default(DEFAULTS.streams.eventsMaxAgeSeconds)
    .describe('How long events are kept, in seconds'),
  DEAD_LETTERS_MAX_BYTES: bytes()
    .default(DEFAULTS.streams.deadLettersMaxBytes)
    .describe('Size of the dead-letter stream'),
  AUDIO_MAX_BYTES: bytes().default(DEFAULTS.streams.audioMaxBytes).describe('Size of the bucket of chunk audio'),
  AUDIO_MAX_AGE_SECONDS: integer(3600, 31_536_000)
    .default(DEFAULTS.streams.audioMaxAgeSeconds)
    .describe(
      'Longest life of chunk audio and of uploaded files, in seconds: one that waits longer has to be submitted again',
    ),
  RESULTS_MAX_BYTES: bytes().default(DEFAULTS.streams.resultsMaxBytes).describe('Size of the bucket of results'),
  RESULTS_MAX_AGE_SECONDS: integer(0, 3_153_600_000)
    .default(DEFAULTS.streams.resultsMaxAgeSeconds)
    .describe('How long results and episode states are kept, in seconds; 0 keeps them for ever'),
};

const share = (text: string): boolean => /^(0(\.\d+)?|1(\.0+)?)$/.test(text);

/** Where traces go; the names are OpenTelemetry's own. */
const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
    .optional()
    .describe('Collector that takes traces: OTLP over HTTP, at /v1/traces below this; unset: no traces'),
  OTEL_EXPORTER_OTLP_HEADERS: headerPairs()
    .optional()
    .describe('Headers for the collector: name=value pairs separated by commas, values percent-encoded; a secret'),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .refine(share, 'expected a number from 0 to 1')
    .transform(Number)
    .default(1)
    .describe('Share of episodes that are traced, 0 to 1, where their publisher has not decided it'),
};

/** Where audio and results are kept. Queues, states, events and limits are in NATS in either case. */
export const storageVariables = {
  STORAGE: z
    .enum(['nats', 's3'], { error: 'expected nats or s3' })
    .default('nats')
    .describe('Where audio and results are kept: nats (its Object Store) or s3'),
  S3_ENDPOINT: httpUrl().optional().describe('S3-compatible server; unset: Amazon’s, by region'),
  S3_REGION: z.string().default('us-east-1').describe('Region of the bucket'),
  S3_BUCKET: z.string().optional().describe('Bucket, made where it is missing and the credentials allow it'),
  S3_PREFIX: z
    .string()
    .regex(/^([A-Za-z0-9._-]+\/)*$/, 'expected nothing, or a path that ends with "/"')
    .default(DEFAULTS.storage.s3Prefix)
    .describe('Beginning of every key, so that a bucket can be shared'),
  S3_ACCESS_KEY_ID: z.string().optional().describe('Access key; unset: the AWS SDK’s own chain, such as a pod’s role'),
  S3_SECRET_ACCESS_KEY: z.string().optional().describe('Secret of that key'),
  S3_FORCE_PATH_STYLE: flag()
    .optional()
    .describe('host/bucket/key instead of bucket.host/key; unset: true where S3_ENDPOINT is set'),
};

/** What every service understands. */
export const serviceVariables = {
  ...natsVariables,
  ...streamVariables,
  ...tracingVariables,
  ...storageVariables,
  HTTP_PORT: integer(0, 65_535)
    .default(DEFAULTS.http.port)
    .describe('Port of /healthz, /readyz and /metrics; 0 picks a free one'),
  HTTP_HOST: z.string().default('0.0.0.0').describe('Address that port is bound to'),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, { error: `expected one of ${LOG_LEVELS.join(', ')}` })
    .default('info')
    .describe('Least severe level that is logged'),
  LOG_PRETTY: flag().default(false).describe('Human-readable log lines instead of JSON'),
  ACK_WAIT_SECONDS: integer(2, 300)
    .default(DEFAULTS.jobs.ackWaitSeconds)
    .describe('Seconds until a killed replica’s job is given to another'),
  MAX_DELIVERIES: integer(1, 100)
    .default(DEFAULTS.jobs.maxDeliveries)
    .describe('Failures after which a job is dead-lettered'),
  SHUTDOWN_GRACE_SECONDS: integer(0, 3600)
    .default(DEFAULTS.jobs.graceSeconds)
    .describe('Seconds running jobs get to finish after SIGTERM'),
};

export const natsConfigSchema = z.object(natsVariables);
export type NatsConfig = z.output<typeof natsConfigSchema>;
export const streamConfigSchema = z.object(streamVariables);
export type StreamConfig = z.output<typeof streamConfigSchema>;
export const tracingConfigSchema = z.object(tracingVariables);
export type TracingConfig = z.output<typeof tracingConfigSchema>;
export const storageConfigSchema = z.object(storageVariables);
export type StorageConfig = z.output<typeof storageConfigSchema>;
export const serviceConfigSchema = z.object(serviceVariables);
export type ServiceConfig = z.output<typeof serviceConfigSchema>;
