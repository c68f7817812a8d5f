import type { SummarizerConfig } from '#shared/config/summarizer';
import type { SummaryProviderName } from '#shared/contracts/names';

type Settings = Pick<
  SummarizerConfig,
  | 'SUMMARIZE_CONCURRENCY'
  | 'SUMMARY_CHUNK_PARALLELISM'
  | 'OPENAI_API_KEY'
  | 'OPENAI_SUMMARY_MAX_CONCURRENT'
  | 'LOCAL_SUMMARY_BASE_URL'
  | 'LOCAL_SUMMARY_MAX_CONCURRENT'
>;

/** Parts of transcripts each provider works on at once, and what an operator should know of it. */
export interface FittedParallelism {
  parts: Record<SummaryProviderName, number>;
  warnings: string[];
}

/**
 * Holds the two levels of parallelism against what there is. Every provider has one budget of parts for all episodes, so
 * episodes times parts never run; what can run at once is the parts and, besides, a whole transcript or a last call for
 * each other episode.
 * @param cpus What this process may use.
 */
export function fitParallelism(config: Settings, cpus: number): FittedParallelism {
  const { SUMMARIZE_CONCURRENCY: episodes, SUMMARY_CHUNK_PARALLELISM: wanted } = config;
  const warnings: string[] = [];
  const cap = (name: SummaryProviderName, most: number, because: string): number => {
    if (wanted <= most) return wanted;
    warnings.push(`SUMMARY_CHUNK_PARALLELISM=${wanted} is ${most} for the ${name} provider: ${because}.`);
    return most;
  };
  const calls = (name: SummaryProviderName, variable: keyof Settings, most: number): number => {
    const parts = cap(name, most, `${variable}=${most} lets no more calls run`);
    const atOnce = parts + episodes - 1;
    if (atOnce > most) {
      warnings.push(
        `SUMMARIZE_CONCURRENCY=${episodes} with ${parts} parts at once makes up to ${atOnce} calls to the ${name} provider, and ` +
          `${variable}=${most} lets ${most} run: the others wait, and their time counts towards SUMMARIZE_JOB_SECONDS.`,
      );
    }
    return parts;
  };
  const threads = Math.max(1, Math.floor(cpus));
  const parts = { extractive: cap('extractive', threads, `there are ${threads} CPUs`), openai: wanted, local: wanted };
  // What is not configured needs no advice.
  if (config.OPENAI_API_KEY !== undefined) {
    parts.openai = calls('openai', 'OPENAI_SUMMARY_MAX_CONCURRENT', config.OPENAI_SUMMARY_MAX_CONCURRENT);
  }
  if (config.LOCAL_SUMMARY_BASE_URL !== undefined) {
    parts.local = calls('local', 'LOCAL_SUMMARY_MAX_CONCURRENT', config.LOCAL_SUMMARY_MAX_CONCURRENT);
  }
  return { parts, warnings };
}
