/** What an episode costs. Measured values name the command that prints them; the others are the operator's own. */
export interface Costs {
  /** Seconds of audio a chunk holds: `WHISPER_CHUNK_SECONDS`. */
  chunkSeconds: number;
  /** Time one engine needs for a second of audio: CPU seconds for an engine of one thread. */
  enginePerSecond: number;
  /** Time a download takes whatever its length, and for each second of audio: fetching, decoding, cutting, encoding. */
  downloadSeconds: number;
  downloadPerSecond: number;
  /** Time of one summary. */
  summarySeconds: number;
  /** Bytes of a second of chunk audio in the audio bucket, until its episode is complete. */
  audioBytesPerSecond: number;
  /** Bytes of results that stay: transcript in four formats, chunk transcripts, summary; for each second of audio. */
  resultBytesPerSecond: number;
  /** Stored messages: for an episode, and for each of its chunks. */
  messagesPerEpisode: number;
  messagesPerChunk: number;
}

/**
 * tiny.en-q8_0, one thread on an AMD EPYC core: `npm run bench -- engine` of 2026-11-26, 90 CPU seconds an hour. Audio: FLAC of
 * the sample, which is synthetic; recorded speech packs better. The rest are estimates on the safe side.
 */
export const MEASURED: Costs = {
  chunkSeconds: 300,
  enginePerSecond: 0.025,
  downloadSeconds: 2,
  downloadPerSecond: 0.005,
  summarySeconds: 1,
  audioBytesPerSecond: 33_300,
  resultBytesPerSecond: 500,
  messagesPerEpisode: 40,
  messagesPerChunk: 12,
};
