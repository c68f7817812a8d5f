import { streamConfigSchema } from '#shared/config/common';
import { type Queue, QUEUES } from '#shared/contracts/names';
import {
  allJobSubjects,
  ATTEMPTS_BUCKET,
  answersSubject,
  AUDIO_BUCKET,
  DEAD_LETTERS_STREAM,
  deadLetterSubject,
  EPISODES_BUCKET,
  EVENTS_STREAM,
  EVENTS_SUBJECTS,
  FEEDS_BUCKET,
  jobPlaces,
  jobStream,
  jobSubject,
  LOG_LEVEL_SUBJECT,
  progressSubject,
  RESULTS_BUCKET,
} from '#shared/contracts/subjects';
import { streamSpecs } from './streams.ts';

/** What one NATS user may do, as nats-server's configuration and `nsc` write it. */
export interface Permissions {
  publish: { allow: string[] };
  subscribe: { allow: string[] };
}

const LIMITS_BUCKET = 'podline-limits';

/** Every stream a service makes anew where somebody deleted it; what else is in the account is none of its business. */
const STREAMS = [
  ...streamSpecs(streamConfigSchema.parse({})).map(({ name }) => name),
  `OBJ_${AUDIO_BUCKET}`,
  `OBJ_${RESULTS_BUCKET}`,
  `KV_${LIMITS_BUCKET}`,
];

/**
 * The least each user of podline needs. No service may delete a stream, purge a queue, take another stage's jobs (only the
 * caretaker may take away stranded ones), or hear another's answers; everyone may make the streams and bring them to the
 * configuration, so that any of them can start first. The user `operator` is for people and the CLI; `publisher` for those
 * who only send episodes in.
 */
export function permissionsOf(): Record<string, Permissions> {
  return {
    downloader: service('downloader', ['download'], ['transcribe-whisper', 'transcribe-openai', 'summarize'], {
      audio: true,
    }),
    'transcriber-whisper': service('transcriber-whisper', ['transcribe-whisper'], ['transcribe-openai', 'summarize'], {
      audio: true,
    }),
    'transcriber-openai': service('transcriber-openai', ['transcribe-openai'], ['transcribe-whisper', 'summarize'], {
      audio: true,
      limits: true,
    }),
    summarizer: service('summarizer', ['summarize'], [], { audio: false, limits: true }),
    caretaker: caretaker(),
    operator: { publish: { allow: ['podline.>', '$JS.>', '$KV.>', '$O.>'] }, subscribe: { allow: ['>'] } },
    publisher: {
      publish: { allow: give('download') },
      subscribe: { allow: [EVENTS_SUBJECTS, progressSubject('>'), inboxes('publisher')] },
    },
  };
}

function service(
  user: string,
  takes: readonly Queue[],
  gives: readonly Queue[],
  needs: { audio: boolean; limits?: boolean },
): Permissions {
  return {
    publish: {
      allow: [
        '$JS.API.INFO',
        ...STREAMS.flatMap(manage),
        ...takes.flatMap(take),
        ...gives.flatMap(give),
        EVENTS_SUBJECTS,
        progressSubject('*'),
        answersSubject('*'),
        ...takes.map((queue) => deadLetterSubject(queue, '>')),
        ...keyValue(ATTEMPTS_BUCKET),
        ...keyValue(EPISODES_BUCKET),
        ...objects(RESULTS_BUCKET),
        ...(needs.audio ? objects(AUDIO_BUCKET) : []),
        ...(needs.limits ? [...keyValue(LIMITS_BUCKET), ...read(`KV_${LIMITS_BUCKET}`)] : []),
      ],
    },
    subscribe: {
      allow: [...takes.flatMap(allJobSubjects), LOG_LEVEL_SUBJECT, inboxes(user)],
    },
  };
}

/**
 * It looks at every queue and queues stranded jobs again, follows the events and the episodes' states, keeps the feeds,
 * sends in what they bring, and removes uploads of finished episodes.
 */
function caretaker(): Permissions {
  const own = service('caretaker', ['webhook'], QUEUES, { audio: true });
  const looks = QUEUES.map((queue) => `$JS.API.CONSUMER.INFO.${jobStream(queue)}.>`);
  const requeues = QUEUES.flatMap((queue) =>
    ['GET', 'DELETE'].map((verb) => `$JS.API.STREAM.MSG.${verb}.${jobStream(queue)}`),
  );
  const lists = STREAMS.map((stream) => `$JS.API.CONSUMER.LIST.${stream}`);
  const follows = [EVENTS_STREAM, DEAD_LETTERS_STREAM].flatMap((stream) => [
    ...read(stream),
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.>`,
    ack(stream),
  ]);
  const keeps = [...read(`KV_${EPISODES_BUCKET}`), ...keyValue(FEEDS_BUCKET)];
  return {
    publish: {
      allow: [...new Set([...own.publish.allow, ...looks, ...requeues, ...lists, ...follows, ...keeps])],
    },
    subscribe: { allow: [...own.subscribe.allow, EVENTS_SUBJECTS] },
  };
}

/** `_INBOX_summarizer`: what `NATS_INBOX_PREFIX` is for a user with these permissions. */
const inboxPrefix = (user: string): string => `_INBOX_${user}`;

const inboxes = (user: string): string => `${inboxPrefix(user)}.>`;

const give = (queue: Queue): string[] => jobPlaces(queue).map(({ lane, turn }) => jobSubject(queue, lane, turn));

const manage = (stream: string): string[] =>
  ['CREATE', 'UPDATE', 'INFO'].map((verb) => `$JS.API.STREAM.${verb}.${stream}`);

function take(queue: Queue): string[] {
  const stream = jobStream(queue);
  return [
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.INFO.${stream}.>`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.>`,
    ack(stream),
  ];
}

const ack = (stream: string): string => `$JS.ACK.${stream}.>`;

/** Reading a stream: message by message, and by a consumer of one's own that goes when it is not used. */
function read(stream: string): string[] {
  return [
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.>`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.INFO.${stream}.>`,
    `$JS.API.CONSUMER.DELETE.${stream}.>`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.>`,
    `$JS.FC.${stream}.>`,
  ];
}

const keyValue = (bucket: string): string[] => [
  `$JS.API.STREAM.MSG.GET.KV_${bucket}`,
  `$JS.API.DIRECT.GET.KV_${bucket}`,
  `$JS.API.DIRECT.GET.KV_${bucket}.>`,
  `$KV.${bucket}.>`,
];

/** Writing includes purging: what a failed write left behind goes by its own subject. */
const objects = (bucket: string): string[] => [
  ...read(`OBJ_${bucket}`),
  `$O.${bucket}.>`,
  `$JS.API.STREAM.MSG.DELETE.OBJ_${bucket}`,
  `$JS.API.STREAM.PURGE.OBJ_${bucket}`,
];
