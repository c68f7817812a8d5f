import { z } from 'zod';
import type { LimitsInput } from '#shared/rate-limit/limits';
import { integer } from './variables.ts';

const limit = (what: string) =>
  integer(1, 1_000_000_000).optional().describe(`${what}, over the whole cluster; unset: no limit`);

/** What all services that call a paid API understand: the account its limits belong to. */
export const accountVariables = {
  OPENAI_ACCOUNT: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'expected up to 40 lower-case letters, digits and dashes')
    .default('openai')
    .describe('Name of the account whose limits these are; services with the same one share them'),
  RATE_LIMIT_MODE: z
    .enum(['adaptive', 'conservative'], { error: 'expected adaptive or conservative' })
    .default('adaptive')
    .describe('adaptive follows the provider’s answers; conservative keeps to 80 % of every limit'),
  RATE_LIMIT_WAIT_SECONDS: integer(1, 3600)
    .default(300)
    .describe('Longest time a job waits for a permit before it is given back, in seconds'),
};

export const transcriptionLimitVariables = {
  OPENAI_TRANSCRIBE_REQUESTS_PER_MINUTE: integer(1, 1_000_000)
    .default(50)
    .describe('Requests a minute, over the whole cluster'),
  OPENAI_TRANSCRIBE_MAX_CONCURRENT: integer(1, 1000)
    .default(5)
    .describe(
      'Requests at once, over the whole cluster; a replica holds a quarter more jobs, to have the next one ready',
    ),
  OPENAI_TRANSCRIBE_REQUESTS_PER_DAY: limit('Requests a day'),
  OPENAI_TRANSCRIBE_AUDIO_SECONDS_PER_MINUTE: limit('Seconds of audio a minute'),
  OPENAI_TRANSCRIBE_AUDIO_SECONDS_PER_DAY: limit('Seconds of audio a day'),
};

export const summaryLimitVariables = {
  OPENAI_SUMMARY_REQUESTS_PER_MINUTE: integer(1, 1_000_000)
    .default(50)
    .describe('Requests a minute, over the whole cluster'),
  OPENAI_SUMMARY_TOKENS_PER_MINUTE: integer(1, 1_000_000_000)
    .default(100_000)
    .describe('Tokens a minute, over the whole cluster: prompts and longest answers'),
  OPENAI_SUMMARY_MAX_CONCURRENT: integer(1, 1000).default(5).describe('Requests at once, over the whole cluster'),
  OPENAI_SUMMARY_REQUESTS_PER_DAY: limit('Requests a day'),
};

type Defined = Record<string, number | string | undefined>;

function limitsOf(fields: Defined): LimitsInput {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const transcription = z.object({ ...accountVariables, ...transcriptionLimitVariables });
const summary = z.object({ ...accountVariables, ...summaryLimitVariables });

export function transcriptionLimits(config: z.output<typeof transcription>): LimitsInput {
  return limitsOf({
    mode: config.RATE_LIMIT_MODE,
    requestsPerMinute: config.OPENAI_TRANSCRIBE_REQUESTS_PER_MINUTE,
    maxConcurrent: config.OPENAI_TRANSCRIBE_MAX_CONCURRENT,
    requestsPerDay: config.OPENAI_TRANSCRIBE_REQUESTS_PER_DAY,
    audioSecondsPerMinute: config.OPENAI_TRANSCRIBE_AUDIO_SECONDS_PER_MINUTE,
    audioSecondsPerDay: config.OPENAI_TRANSCRIBE_AUDIO_SECONDS_PER_DAY,
  });
}

export function summaryLimits(config: z.output<typeof summary>): LimitsInput {
  return limitsOf({
    mode: config.RATE_LIMIT_MODE,
    requestsPerMinute: config.OPENAI_SUMMARY_REQUESTS_PER_MINUTE,
    tokensPerMinute: config.OPENAI_SUMMARY_TOKENS_PER_MINUTE,
    maxConcurrent: config.OPENAI_SUMMARY_MAX_CONCURRENT,
    requestsPerDay: config.OPENAI_SUMMARY_REQUESTS_PER_DAY,
  });
}
