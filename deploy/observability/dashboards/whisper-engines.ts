import { page } from './page.ts';
import { chart, stat } from './panels.ts';

const WHISPER = 'component="transcriber-whisper"';

/** Do the engines live, how fast are they, what do they need, and do they hear everything? */
export const whisperEngines = page({
  uid: 'podline-whisper-engines',
  title: 'podline: whisper engines',
  description: 'Do the engines live, how fast are they, what do they need, and do they hear everything?',
  sections: [
    {
      title: 'Engines',
      panels: [
        stat({
          title: 'Engines alive',
          description: 'Of those there should be.',
          unit: 'percentunit',
          warnAt: 1,
          failAt: 0.5,
          width: 6,
          queries: [
            {
              expr: 'sum(podline_whisper_engines{state="alive"}) / sum(podline_whisper_engines{state="wanted"})',
              legend: 'alive',
            },
          ],
        }),
        stat({
          title: 'Restarts, last hour',
          description: 'Engines that died or failed a chunk.',
          unit: 'none',
          warnAt: 1,
          failAt: 5,
          width: 6,
          queries: [{ expr: 'sum(increase(podline_whisper_engine_restarts_total[1h]))', legend: 'restarts' }],
        }),
        stat({
          title: 'Model load time',
          description: 'Time an engine takes from its start to its model being loaded: median of all loads.',
          unit: 's',
          width: 6,
          queries: [
            {
              expr: 'histogram_quantile(0.5, sum by (le) (podline_whisper_model_load_seconds_bucket))',
              legend: 'load',
            },
          ],
        }),
        stat({
          title: 'Times faster than listening',
          description: 'Seconds of audio per second of one engine’s work, last hour.',
          unit: 'short',
          width: 6,
          queries: [
            {
              expr: 'sum(rate(podline_audio_transcribed_seconds_total{provider="whisper"}[1h])) / sum(rate(podline_transcribe_work_seconds_total{provider="whisper"}[1h]))',
              legend: 'times',
            },
          ],
        }),
      ],
    },
    {
      title: 'Speed',
      panels: [
        chart({
          title: 'Real-time factor',
          description:
            'Seconds of work per second of audio, by chunk. A rise means less CPU, or more threads than cores.',
          unit: 'short',
          queries: [0.5, 0.95].map((share) => ({
            expr: `histogram_quantile(${share}, sum by (le) (rate(podline_transcribe_real_time_factor_bucket{provider="whisper"}[$__rate_interval])))`,
            legend: `${100 * share} % of the chunks`,
          })),
        }),
        chart({
          title: 'Audio transcribed',
          description: 'Seconds of audio in a second, in all replicas.',
          unit: 'short',
          queries: [
            {
              expr: 'sum(rate(podline_audio_transcribed_seconds_total{provider="whisper"}[$__rate_interval]))',
              legend: 'audio',
            },
          ],
        }),
        chart({
          title: 'Busy engines',
          description: 'Chunks at work, with those whose audio is read ahead, and engines there are.',
          unit: 'short',
          queries: [
            { expr: 'sum(podline_jobs_in_flight{queue="transcribe-whisper"})', legend: 'chunks at work' },
            { expr: 'sum(podline_whisper_engines{state="alive"})', legend: 'engines' },
          ],
        }),
        chart({
          title: 'Restarts by reason',
          description: 'Per hour. died: crash or out of memory. failed-chunk: replaced after an error.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (reason) (rate(podline_whisper_engine_restarts_total[$__rate_interval])) * 3600',
              legend: '{{reason}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'CPU and memory',
      panels: [
        chart({
          title: 'CPU of the engines',
          description: 'Cores in use by the engine processes of all replicas.',
          unit: 'short',
          queries: [
            { expr: `sum(rate(podline_child_cpu_seconds_total{${WHISPER}}[$__rate_interval]))`, legend: 'engines' },
            {
              expr: `sum(rate(process_cpu_seconds_total{${WHISPER}}[$__rate_interval]))`,
              legend: 'the services themselves',
            },
          ],
        }),
        chart({
          title: 'Memory of the engines',
          description: 'Resident memory of the engine processes; the model is most of it.',
          unit: 'bytes',
          queries: [
            {
              expr: `sum by (process) (podline_child_memory_bytes{${WHISPER},process=~"whisper-server|other"})`,
              legend: '{{process}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Completeness',
      panels: [
        chart({
          title: 'Incomplete chunks',
          description: 'Kept although something seems to be missing, per hour, by what.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (provider, kind) (rate(podline_incomplete_chunks_total[$__rate_interval])) * 3600',
              legend: '{{provider}} {{kind}}',
            },
          ],
        }),
        chart({
          title: 'Gaps',
          description: 'Seconds of gaps in transcripts, per hour, by why. non-speech is music and noise.',
          unit: 's',
          queries: [
            {
              expr: 'sum by (reason) (rate(podline_transcript_gap_seconds_total[$__rate_interval])) * 3600',
              legend: '{{reason}}',
            },
          ],
        }),
        chart({
          title: 'Coverage of episodes',
          description: 'Share of the speech that has text: of the worst 10 % of the episodes, and of the median one.',
          unit: 'percentunit',
          max: 1,
          queries: [0.1, 0.5].map((share) => ({
            expr: `histogram_quantile(${share}, sum by (le) (rate(podline_transcript_coverage_ratio_bucket[$__rate_interval])))`,
            legend: `${100 * share} %`,
          })),
        }),
      ],
    },
  ],
});
