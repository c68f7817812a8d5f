import { z } from 'zod';
import { SUMMARY_PROVIDERS, type SummaryProviderName } from '#shared/contracts/names';
import { serviceVariables } from './common.ts';
import { DEFAULTS } from './defaults.ts';
import { accountVariables, summaryLimitVariables } from './rate-limit.ts';
import { httpUrl, integer, list } from './variables.ts';

const MODEL = /^(\S+?)=([1-9]\d{2,8})(?:\/([1-9]\d{1,8}))?$/;

/** `name=context` or `name=context/longest answer`, in tokens, separated by commas. */
const models = () =>
  list()
    .refine((entries) => entries.every((entry) => MODEL.test(entry)), {
      error: 'expected entries such as qwen3:4b=32768 or qwen3:4b=32768/4096 (context, longest answer; tokens)',
    })
    .transform(
      (entries) =>
        new Map(
          entries.map((entry) => {
            const [, name = '', context, answer] = MODEL.exec(entry) ?? [];
            return [
              name,
              { contextTokens: Number(context), maxAnswerTokens: answer === undefined ? undefined : Number(answer) },
            ] as const;
          }),
        ),
    );

export const summarizerConfigSchema = z.object({
  ...serviceVariables,
  SUMMARIZE_CONCURRENCY: integer(1, 64)
    .default(DEFAULTS.summarize.concurrency)
    .describe('Episodes one replica summarizes at once'),
  SUMMARIZE_MAX_ACK_PENDING: integer(1, 100_000)
    .default(DEFAULTS.summarize.maxAckPending)
    .describe('Episodes the whole cluster summarizes at once, per turn of each lane'),
  SUMMARIZE_JOB_SECONDS: integer(30, 86_400)
    .default(DEFAULTS.summarize.jobSeconds)
    .describe('Longest time one summary may take, in seconds'),
  SUMMARY_CALL_SECONDS: integer(10, 3600)
    .default(DEFAULTS.summarize.callSeconds)
    .describe('Longest time a model may take for one answer, in seconds'),
  SUMMARY_CHUNK_PARALLELISM: integer(1, 64)
    .default(1)
    .describe('Parts of transcripts each provider of a replica works on at once, over all its episodes'),
  SUMMARY_SENTENCES: integer(1, 50)
    .default(DEFAULTS.summarize.sentences)
    .describe('Sentences of an extractive summary'),
  SUMMARY_FALLBACK_PROVIDERS: list()
    .refine((names) => names.every((name) => (SUMMARY_PROVIDERS as readonly string[]).includes(name)), {
      error: `expected a list of ${SUMMARY_PROVIDERS.join(', ')}`,
    })
    .transform((names) => [...new Set(names)] as SummaryProviderName[])
    .default([])
    .describe('Who is asked when the episode’s provider fails for good, in this order'),
  OPENAI_API_KEY: z.string().optional().describe('API key of the openai provider'),
  SUMMARY_MODELS: models()
    .optional()
    .describe('Context and longest answer of models podline does not know, in tokens: name=context/answer,…'),
  OPENAI_BASE_URL: httpUrl().default('https://api.openai.com/v1').describe('Any OpenAI-compatible API'),
  OPENAI_SUMMARY_MODEL: z.string().default(DEFAULTS.summarize.openaiModel).describe('Model of the openai provider'),
  ...accountVariables,
  ...summaryLimitVariables,
  LOCAL_SUMMARY_BASE_URL: httpUrl()
    .optional()
    .describe('OpenAI-compatible server of the local provider, up to and with /v1'),
  LOCAL_SUMMARY_API_KEY: z.string().optional().describe('API key of that server; unset for one that asks for none'),
  LOCAL_SUMMARY_MODEL: z
    .string()
    .default('default')
    .describe('Model of the local provider; default: the server’s first'),
  LOCAL_SUMMARY_CONTEXT_TOKENS: integer(1000, 100_000_000)
    .optional()
    .describe('Context of the local model where the server does not tell, and never more, in tokens; unset: 4,096'),
  LOCAL_SUMMARY_MAX_CONCURRENT: integer(1, 1000)
    .default(1)
    .describe('Requests at once of one replica to the local provider'),
});
export type SummarizerConfig = z.output<typeof summarizerConfigSchema>;
