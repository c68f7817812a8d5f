/** A stretch of speech; times in seconds from the start of the episode, in order, not overlapping. */
export interface InputSegment {
  start: number;
  end: number;
  text: string;
  speaker?: string | undefined;
}

/** What a summary is made from. */
export interface TranscriptInput {
  title?: string | undefined;
  /** ISO 639-1 code or BCP 47 tag; "und" where the language is not known. */
  language: string;
  /** Length of the episode. */
  seconds: number;
  segments: readonly InputSegment[];
}
