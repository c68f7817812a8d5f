/**
 * The headers on podline's messages. Names start with `Podline-` except those NATS and W3C define.
 *
 * | header | on | meaning |
 * | --- | --- | --- |
 * | `Nats-Msg-Id` | every publish | deterministic id: JetStream drops a second publish inside its window |
 * | `Podline-Episode` | jobs, events, dead letters | episodeId |
 * | `Podline-Queue` | dead letters | the queue the job died in |
 * | `Podline-Reason` | dead letters | bounded reason, kebab-case |
 * | `Podline-Subject` | dead letters | the subject the job was published to |
 * | `traceparent` | jobs, events, dead letters | W3C trace context, while traces are sent |
 */
export const HEADERS = {
  messageId: 'Nats-Msg-Id',
  episode: 'Podline-Episode',
  queue: 'Podline-Queue',
  reason: 'Podline-Reason',
  subject: 'Podline-Subject',
  traceparent: 'traceparent',
} as const;
