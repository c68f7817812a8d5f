/** The processes that have a `/metrics` page; also the value of the label `component`, which every series carries. */
export const COMPONENTS = [
  'downloader',
  'transcriber-whisper',
  'transcriber-openai',
  'summarizer',
  'caretaker',
] as const;
export type Component = (typeof COMPONENTS)[number];

export const TRANSCRIBERS = ['transcriber-whisper', 'transcriber-openai'] as const;
/** Those that call a paid API through the cluster-wide limiter. */
export const LIMITED = ['transcriber-openai', 'summarizer'] as const;

/** One metric, as code and documentation know it. Its name is its key in the catalogue. */
export interface MetricSpec {
  type: 'counter' | 'gauge' | 'histogram';
  /** One sentence. */
  help: string;
  /** Every label has few values, known in advance or set by the operator; never an episode, a URL or a message. */
  labels: readonly string[];
  /** Who has it. */
  from: readonly Component[];
  /** Upper bounds in the metric's unit; of histograms only. */
  buckets?: readonly number[];
}
