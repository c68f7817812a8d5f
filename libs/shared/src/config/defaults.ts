/** Every default of podline, in one place, with its unit. The schemas beside this file say what each one means. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;

export const DEFAULTS = {
  nats: {
    url: 'nats://127.0.0.1:4222',
    streamReplicas: 1,
  },
  streams: {
    /** Bytes of each queue; a job is under 2 KB. A full queue refuses new jobs, and the stage before it waits. */
    jobsMaxBytes: 256 * MIB,
    eventsMaxBytes: 256 * MIB,
    eventsMaxAgeSeconds: 7 * 24 * 3600,
    deadLettersMaxBytes: 256 * MIB,
    audioMaxBytes: 20 * GIB,
    resultsMaxBytes: 10 * GIB,
    /** 0: results stay for ever. */
    resultsMaxAgeSeconds: 0,
    /** Audio outlives its episode at most this long, whatever went wrong: 7 days. */
    audioMaxAgeSeconds: 7 * 24 * 3600,
  },
  storage: { s3Prefix: 'podline/' },
  jobs: {
    /** A killed replica's job runs elsewhere after this, in seconds. */
    ackWaitSeconds: 30,
    /** Failed deliveries after which a job is dead-lettered. */
    maxDeliveries: 5,
    /** Attempts that began and never ended after which a job counts as one that kills whoever takes it. */
    maxCrashes: 50,
    /** First and longest delay before a retry, in milliseconds. */
    retryBaseMs: 1 * SECOND,
    retryCapMs: 1 * MINUTE,
    /** Time running jobs get to finish after SIGTERM, in seconds. */
    graceSeconds: 25,
    /** How often an idle replica looks for work nobody rang for (a retry, a crashed neighbour's job), in ms. */
    idlePollMs: 500,
  },
  http: { port: 3000 },
  download: {
    concurrency: 4,
    maxAckPending: 64,
    maxBytes: 4 * GIB,
    maxHours: 6,
    /** Ceiling of one download job, in seconds: fetching, decoding and cutting together. */
    jobSeconds: 3600,
  },
  transcribe: {
    whisperMaxAckPending: 256,
    openaiMaxAckPending: 64,
    whisperChunkSeconds: 300,
    openaiChunkSeconds: 1200,
    whisperModel: 'tiny.en-q8_0',
    openaiModel: 'whisper-1',
    /** Places listened to for the language of an episode, at most; three that agree are enough. */
    languageProbes: 5,
    /** Longest time a chunk may take: this many times its length, plus the constant, in seconds. */
    timeoutPerSecond: 4,
    timeoutConstantSeconds: 60,
  },
  summarize: {
    concurrency: 2,
    maxAckPending: 64,
    sentences: 7,
    openaiModel: 'gpt-4o-mini',
    jobSeconds: 900,
    /** Longest time one answer of a model may take, in seconds. */
    callSeconds: 180,
  },
  feeds: {
    concurrency: 4,
    /** How often a feed is polled, in seconds. */
    everySeconds: 1800,
    /** How often the caretaker looks for feeds whose time has come, in milliseconds. */
    lookMs: 15 * SECOND,
  },
  webhook: {
    concurrency: 16,
    /** Far more than are at work: those that wait for their next try count. */
    maxAckPending: 10_000,
    /** Time a receiver has for its answer, in seconds. */
    timeoutSeconds: 15,
    /** With the delays below, a receiver may be away for about two hours. */
    maxDeliveries: 15,
    /** First and longest delay before another try, in milliseconds. */
    retryBaseMs: 2 * SECOND,
    retryCapMs: 1 * HOUR,
  },
} as const;
