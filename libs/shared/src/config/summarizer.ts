import { z } from 'zod';
import { SUMMARY_PROVIDERS, type SummaryProvider } from '#shared/contracts/names';
import { serviceVariables } from './common.ts';
import { DEFAULTS } from './defaults.ts';
import { accountVariables, summaryLimitVariables } from './rate-limit.ts';
import { integer, list } from './variables.ts';

export const summarizerConfigSchema = z.object({
  ...serviceVariables,
  SUMMARIZE_CONCURRENCY: integer(1, 64)
    .default(DEFAULTS.summarize.concurrency)
    .describe('Episodes one replica summarizes at once'),
  SUMMARIZE_MAX_ACK_PENDING: integer(1, 100_000)
    .default(DEFAULTS.summarize.maxAckPending)
    .describe('Episodes the whole cluster summarizes at once, per lane'),
  SUMMARIZE_JOB_SECONDS: integer(30, 86_400)
    .default(DEFAULTS.summarize.jobSeconds)
    .describe('Longest time one summary may take, in seconds'),
  SUMMARY_CHUNK_PARALLELISM: integer(1, 64).default(1).describe('Parts of one transcript a provider works on at once'),
  SUMMARY_SENTENCES: integer(1, 50)
    .default(DEFAULTS.summarize.sentences)
    .describe('Sentences of an extractive summary'),
  SUMMARY_FALLBACK_PROVIDERS: list()
    .refine((names) => names.every((name) => (SUMMARY_PROVIDERS as readonly string[]).includes(name)), {
      error: `expected a list of ${SUMMARY_PROVIDERS.join(', ')}`,
    })
    .transform((names) => names as SummaryProvider[])
    .default([])
    .describe('Who is asked when the episode’s provider fails for good, in this order'),
  OPENAI_API_KEY: z.string().optional().describe('API key of the openai provider'),
  OPENAI_BASE_URL: z.url().default('https://api.openai.com/v1').describe('Any OpenAI-compatible API'),
  OPENAI_SUMMARY_MODEL: z.string().default(DEFAULTS.summarize.openaiModel).describe('Model of the openai provider'),
  ...accountVariables,
  ...summaryLimitVariables,
  LOCAL_SUMMARY_BASE_URL: z.url().optional().describe('OpenAI-compatible server of the local provider'),
  LOCAL_SUMMARY_MODEL: z.string().default('default').describe('Model of the local provider'),
  LOCAL_SUMMARY_MAX_CONCURRENT: integer(1, 1000).default(1).describe('Requests at once to the local provider'),
});
export type SummarizerConfig = z.output<typeof summarizerConfigSchema>;
