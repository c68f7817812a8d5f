import { z } from 'zod';
import { EVENT_TYPES, type EventType, eventSchema } from './events.ts';
import { EVENTS_STREAM, EVENTS_SUBJECTS, eventSubject } from './subjects.ts';

/** When each event is published, the tail of its subject, and its fields besides those every event has. */
const EVENTS: Record<
  EventType,
  { when: string; detail?: string; fields: readonly (keyof typeof eventSchema.shape)[] }
> = {
  accepted: { when: 'The request is valid and stored', fields: [] },
  downloaded: {
    when: 'The audio is fetched, and how it is cut is known; its chunks follow',
    fields: ['chunks', 'seconds'],
  },
  'chunk-done': {
    when: 'The transcript of a chunk is stored',
    detail: '<chunk>',
    fields: ['chunk', 'chunks', 'seconds'],
  },
  transcribed: { when: 'The transcript is complete', fields: ['seconds'] },
  summarized: { when: 'The summary is stored: the episode is done', fields: [] },
  'budget-reached': {
    when: 'A budget has stopped a job of the episode; once a month for each queue',
    detail: '<queue>.<month>',
    fields: ['reason', 'message'],
  },
  failed: {
    when: 'A job of the episode is dead-lettered',
    detail: '<queue>.<number>',
    fields: ['chunk', 'reason', 'message'],
  },
};

/** `docs/events.md`, made from the schema; `npm run docs` writes it, and a test fails when it is stale. */
export function eventsPage(): string {
  const rows = EVENT_TYPES.map((type) => {
    const { when, detail, fields } = EVENTS[type];
    const subject = eventSubject('<id>', type, detail);
    return `| \`${type}\` | \`${subject}\` | ${when} | ${fields.map((field) => `\`${field}\``).join(', ')} |`;
  });
  return `# Events

Every state change of an episode is one message on a public subject, once: the stream takes one message a subject, so
a replica that is late, or does its work again, tells nothing new.

\`\`\`sh
nats sub '${EVENTS_SUBJECTS}'                       # all
nats sub '${eventSubject('*', 'failed')}.>'              # what fails
nats sub '${eventSubject('<id>', '>')}'               # one episode
nats stream view ${EVENTS_STREAM}                 # those of the last days (EVENTS_MAX_AGE_SECONDS)
\`\`\`

| type | subject | when | fields |
| --- | --- | --- | --- |
${rows.join('\n')}

An episode without speech to transcribe, or one that fails, has only some of them. Their order is that of the stream; what happens
at the same time on two replicas may come in either order. To have events sent to a URL: [webhooks](webhooks.md). With
tracing on, every event carries the \`traceparent\` of its episode ([tracing](tracing.md)).

This page is made from \`libs/shared/src/contracts/events.ts\` by \`npm run docs\`. The message as a JSON Schema:

\`\`\`json
${JSON.stringify(z.toJSONSchema(eventSchema), undefined, 2)}
\`\`\`
`;
}
