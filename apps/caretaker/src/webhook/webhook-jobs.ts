import { createHash } from 'node:crypto';
import type { EpisodeState } from '#shared/contracts/episode-state';
import type { PodlineEvent } from '#shared/contracts/events';
import type { WebhookJob } from '#shared/contracts/jobs';

/** Stands for the operator's URL in ids: the URL itself may hold credentials, and may change. */
const OPERATOR = 'operator';

/** The deliveries an event asks for: to its episode's URL, and to the operator's. The same whenever they are worked out. */
export function webhookJobs(
  event: PodlineEvent,
  subject: string,
  state: EpisodeState | undefined,
  operatorUrl: string | undefined,
): WebhookJob[] {
  const own = state?.request?.webhook;
  const about = aboutEpisode(state);
  const job = (target: string): WebhookJob => ({
    v: 1,
    id: webhookId(subject, target),
    episodeId: event.episodeId,
    ...(target === OPERATOR ? {} : { url: target }),
    event,
    ...(about === undefined ? {} : { about }),
  });
  return [
    ...(operatorUrl === undefined ? [] : [job(OPERATOR)]),
    ...(own === undefined || own === operatorUrl ? [] : [job(own)]),
  ];
}

function webhookId(subject: string, target: string): string {
  return `msg_${createHash('sha256').update(`${subject}\n${target}`).digest('hex').slice(0, 24)}`;
}

/** What lets a receiver tell which episode it is, without asking. */
function aboutEpisode(state: EpisodeState | undefined): WebhookJob['about'] {
  const request = state?.request;
  if (state === undefined || request === undefined) return undefined;
  const { url, feed, guid, metadata } = request;
  const { title } = state;
  return { url, title, feed, guid, metadata };
}
