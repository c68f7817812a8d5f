import { z } from 'zod';
import { SUMMARY_PROVIDERS, TRANSCRIPTION_PROVIDERS } from '#shared/contracts/names';
import { natsVariables, storageVariables, streamVariables } from './common.ts';
import { list, listOf } from './variables.ts';

export const cliConfigSchema = z.object({
  ...natsVariables,
  ...streamVariables,
  ...storageVariables,
  /** Without a default: unset, the CLI talks to the stack `podline up` has started here. */
  NATS_URL: natsVariables.NATS_URL.unwrap().optional().describe('NATS servers, separated by commas'),
  PODLINE_WHISPER_SERVER: z.string().optional().describe('Path of whisper-server, for the local stack'),
  OPENAI_API_KEY: z.string().optional().describe('API key, for the local stack’s OpenAI services'),
  OPENAI_BASE_URL: z.url().optional().describe('Any OpenAI-compatible API, for the local stack'),
  DOWNLOAD_ALLOW_HOSTS: list()
    .default([])
    .describe('host:port or CIDR entries a feed may come from although they are private addresses'),
  ALLOWED_PROVIDERS: listOf(TRANSCRIPTION_PROVIDERS)
    .optional()
    .describe('Transcription providers of the local stack; default: those it has'),
  ALLOWED_SUMMARY_PROVIDERS: listOf(SUMMARY_PROVIDERS)
    .optional()
    .describe('Summary providers of the local stack; default: those it has'),
  AWS_ENDPOINT_URL_S3: z.url().optional().describe('S3-compatible storage that s3:// addresses are read from'),
  AWS_REGION: z.string().optional().describe('Region of that storage'),
  LOCAL_SUMMARY_BASE_URL: z.url().optional().describe('Server of the local stack’s summaries, up to and with /v1'),
  LOCAL_SUMMARY_API_KEY: z.string().optional().describe('API key of that server'),
  LOCAL_SUMMARY_MODEL: z.string().optional().describe('Model of that server'),
  LOCAL_SUMMARY_CONTEXT_TOKENS: z.string().optional().describe('Context of that model, in tokens'),
  PATH: z.string().default('').describe('Where programs are looked for'),
  NO_COLOR: z.string().optional().describe('Set to anything for output without colours'),
});
export type CliConfig = z.output<typeof cliConfigSchema>;
