const KIB = 1024;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * Measured against one server on one machine: more chunks in flight, or larger ones, are no faster, and each costs memory
 * three times over on its way out.
 */
export const DEFAULT_LIMITS = {
  /** Size of a chunk; less where the server's max_payload asks for it. */
  chunkBytes: 512 * KIB,
  /** Chunks under way to or from the server, at most. */
  inFlight: 16,
  /** Longest time without any progress on the server's side, in milliseconds. */
  stallMs: 30 * SECOND,
  /**
   * Longest time a source may take for its next bytes, in milliseconds. The removal of orphans takes chunks for orphans
   * when nothing was added for its grace, so its grace must be longer than this.
   */
  sourcePauseMs: 10 * MINUTE,
} as const;

export type StorageLimits = { [name in keyof typeof DEFAULT_LIMITS]: number };

/** A message must fit the server's max_payload together with what surrounds it. */
export const PAYLOAD_HEADROOM = 4 * KIB;
