import { hostname } from 'node:os';
import { headers as newHeaders, type JetStreamClient, type JetStreamPublishOptions, type MsgHdrs } from 'nats';
import type { DeadLetter } from '#shared/contracts/dead-letter';
import type { PodlineEvent } from '#shared/contracts/events';
import { HEADERS } from '#shared/contracts/headers';
import type { EpisodeRequest } from '#shared/contracts/episode-request';
import type { SummarizeJob, TranscribeJob, WebhookJob } from '#shared/contracts/jobs';
import type { Lane, Queue } from '#shared/contracts/names';
import type { Turn } from '#shared/contracts/turn';
import { deadLetterSubject, eventSubject, jobSubject } from '#shared/contracts/subjects';
import { asError } from '#shared/errors';
import { fromNats, isConflict } from './nats-errors.ts';

/** What each queue's jobs look like. */
export interface JobOf {
  download: Partial<EpisodeRequest> & { url: string };
  'transcribe-whisper': TranscribeJob;
  'transcribe-openai': TranscribeJob;
  summarize: SummarizeJob;
  webhook: WebhookJob;
}

export interface PublishOptions {
  lane: Lane;
  /** 0 where nothing speaks for another. */
  turn?: Turn;
  episodeId: string;
  /** Deterministic where a repetition shall be dropped by the server, unique where it shall not. */
  messageId: string;
}

/** Publishes jobs, events and dead letters, each confirmed by the server. */
export class Publisher {
  readonly #js: JetStreamClient;
  readonly #headers: () => MsgHdrs;

  /** @param headers makes the headers every message starts from (trace context, for one). */
  constructor(js: JetStreamClient, headers: () => MsgHdrs = newHeaders) {
    this.#js = js;
    this.#headers = headers;
  }

  /** @throws RetryableError when the queue is full or NATS is away. */
  async job<Q extends Queue>(queue: Q, job: JobOf[Q], options: PublishOptions): Promise<void> {
    await this.#publish(jobSubject(queue, options.lane, options.turn), job, options.messageId, {
      [HEADERS.episode]: options.episodeId,
    });
  }

  /**
   * Publishes an event once: its subject names what happened, and the server takes one message a subject. Whoever is
   * late, or comes again after a crash, changes nothing.
   * @param detail tells apart what can happen to an episode more than once.
   */
  async event(event: PodlineEvent, detail: number | string | undefined = event.chunk): Promise<void> {
    const subject = eventSubject(event.episodeId, event.type, detail);
    try {
      await this.#publish(subject, event, subject, { [HEADERS.episode]: event.episodeId }, { lastSubjectSequence: 0 });
    } catch (error) {
      if (!isConflict(asError(error).cause)) throw error;
    }
  }

  /** Stores the letter under its job's subject; a second letter of the same job replaces the first. */
  async deadLetter(letter: DeadLetter, messageId: string): Promise<void> {
    await this.#publish(deadLetterSubject(letter.queue, letter.jobKey), letter, messageId, {
      ...(letter.episodeId === undefined ? {} : { [HEADERS.episode]: letter.episodeId }),
      [HEADERS.queue]: letter.queue,
      [HEADERS.reason]: letter.reason,
      [HEADERS.subject]: letter.original.subject,
    });
  }

  async #publish(
    subject: string,
    body: unknown,
    messageId: string,
    extra: Record<string, string>,
    expect?: JetStreamPublishOptions['expect'],
  ): Promise<void> {
    const headers = this.#headers();
    for (const [name, value] of Object.entries(extra)) headers.set(name, value);
    try {
      await this.#js.publish(subject, JSON.stringify(body), {
        msgID: messageId,
        headers,
        ...(expect ? { expect } : {}),
      });
    } catch (error) {
      throw fromNats(error);
    }
  }
}

export const HOST = hostname();
