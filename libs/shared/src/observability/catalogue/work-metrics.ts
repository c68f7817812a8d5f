import { type MetricSpec, TRANSCRIBERS } from './metric-spec.ts';

/** Merging falls to whoever completes an episode, which may be the downloader of a resumed one. */
const MERGERS = ['downloader', ...TRANSCRIBERS] as const;
const PARENTS = ['downloader', 'transcriber-whisper'] as const;

/** What the stages do: bytes, audio, text, engines. */
export const WORK_METRICS = {
  podline_download_bytes_total: {
    type: 'counter',
    help: 'Bytes of audio received from its hosts, repetitions included.',
    labels: [],
    from: ['downloader'],
  },
  podline_download_speed_bytes_per_second: {
    type: 'histogram',
    help: 'Average speed of each complete download.',
    labels: [],
    from: ['downloader'],
    buckets: [1e4, 1e5, 3e5, 1e6, 3e6, 1e7, 3e7, 1e8, 3e8],
  },
  podline_download_audio_seconds_total: {
    type: 'counter',
    help: 'Seconds of audio that were cut into chunks.',
    labels: [],
    from: ['downloader'],
  },
  podline_audio_transcribed_seconds_total: {
    type: 'counter',
    help: 'Seconds of audio whose transcript was stored.',
    labels: ['provider'],
    from: TRANSCRIBERS,
  },
  podline_transcribe_work_seconds_total: {
    type: 'counter',
    help: 'Seconds engines worked for stored transcripts.',
    labels: ['provider'],
    from: TRANSCRIBERS,
  },
  podline_transcribe_real_time_factor: {
    type: 'histogram',
    help: 'Seconds of work per second of audio, by chunk; below 1 is faster than listening.',
    labels: ['provider'],
    from: TRANSCRIBERS,
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
  },
  podline_incomplete_chunks_total: {
    type: 'counter',
    help: 'Chunk transcripts that were kept although something seems to be missing, by what.',
    labels: ['provider', 'kind'],
    from: TRANSCRIBERS,
  },
  podline_transcript_speech_seconds_total: {
    type: 'counter',
    help: 'Seconds of speech in finished transcripts, with or without text.',
    labels: [],
    from: MERGERS,
  },
  podline_transcript_covered_seconds_total: {
    type: 'counter',
    help: 'The part of podline_transcript_speech_seconds_total that has text.',
    labels: [],
    from: MERGERS,
  },
  podline_transcript_gap_seconds_total: {
    type: 'counter',
    help: 'Seconds listed as gaps in finished transcripts, by why.',
    labels: ['reason'],
    from: MERGERS,
  },
  podline_transcript_coverage_ratio: {
    type: 'histogram',
    help: 'Share of the speech that has text, by episode.',
    labels: [],
    from: MERGERS,
    buckets: [0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 1],
  },
  podline_whisper_engines: {
    type: 'gauge',
    help: 'Whisper engines of this replica that live, and that should.',
    labels: ['state'],
    from: ['transcriber-whisper'],
  },
  podline_whisper_engine_restarts_total: {
    type: 'counter',
    help: 'Whisper engines that were replaced: they died, or a chunk failed in them.',
    labels: ['reason'],
    from: ['transcriber-whisper'],
  },
  podline_whisper_model_load_seconds: {
    type: 'histogram',
    help: 'Time from starting an engine to its model being loaded.',
    labels: [],
    from: ['transcriber-whisper'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  },
  podline_child_cpu_seconds_total: {
    type: 'counter',
    help: 'CPU time of the processes that do the work (whisper-server, ffmpeg), ended ones included. Linux only.',
    labels: [],
    from: PARENTS,
  },
  podline_child_memory_bytes: {
    type: 'gauge',
    help: 'Resident memory of those processes that run now, by program. Linux only.',
    labels: ['process'],
    from: PARENTS,
  },
  podline_child_processes: {
    type: 'gauge',
    help: 'How many of those processes run now, by program. Linux only.',
    labels: ['process'],
    from: PARENTS,
  },
} as const satisfies Record<string, MetricSpec>;
