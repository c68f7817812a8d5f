/**
 * What a service's Node is started with, so that it returns memory soon after audio or a transcript of hours went through
 * it. The images say the same in `docker/Dockerfile`; `bench/pipeline/long-episode.ts` shows the difference.
 */

/** Young generations of 4 MB instead of 16: what lives briefly is found sooner. A merge of three hours takes half the heap. */
export const LEAN_FLAGS = ['--max-semi-space-size=4'];

/**
 * Blocks from 128 KiB on go back to the system when they are freed. glibc begins with this threshold, and raises it with
 * each larger block it sees freed, up to 32 MiB.
 */
export const LEAN_ENV = { MALLOC_MMAP_THRESHOLD_: '131072' };

/** For a child that works in fresh memory all the time: a whisper engine took 1.6 % more time with it (ten pairs, 0.87 to 1.36). */
export const WITHOUT_LEAN_ENV = { MALLOC_MMAP_THRESHOLD_: undefined };
