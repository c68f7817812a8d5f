/** A transcript the publisher offers for an episode: `podcast:transcript`. */
export interface OfferedTranscript {
  url: string;
  /** Media type as the feed writes it, in lower case. */
  type: string;
  language?: string | undefined;
}

/** One episode as its feed lists it; everything in it is a stranger's. */
export interface FeedItem {
  /** Absent where the feed gives none, or gives one to several items. */
  guid?: string | undefined;
  title?: string | undefined;
  /** Absolute http(s) URL of the audio. */
  url: string;
  /** Bytes of the audio, where the feed says so. */
  bytes?: number | undefined;
  /** ISO 8601, UTC. */
  publishedAt?: string | undefined;
  /** Length of the episode, in seconds. */
  seconds?: number | undefined;
  transcripts: OfferedTranscript[];
}

/** A feed, as far as podline has a use for it. */
export interface ParsedFeed {
  title?: string | undefined;
  /** As the feed writes it: `en-us`. */
  language?: string | undefined;
  /** Items with audio, in the order of the feed. */
  items: FeedItem[];
  /** The place of each of them among all items of the feed, from 0. */
  positions: number[];
  /** Items without audio: news, trailers as text. */
  withoutAudio: number;
  /** Items that are no well-formed XML, or too large. */
  unreadable: number;
  /** False where the feed was cut off on the way: it is to be fetched again. */
  complete: boolean;
}
