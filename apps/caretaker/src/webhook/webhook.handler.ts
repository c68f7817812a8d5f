import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { webhookJobSchema } from '#shared/contracts/jobs';
import { parseMessage } from '#shared/contracts/parse-message';
import { PermanentError } from '#shared/errors';
import type { JobContext } from '#shared/jetstream/job-context';
import { postJson, type PostSettings } from './post-json.ts';

export interface WebhookWork {
  post: PostSettings;
}

export const WEBHOOK_WORK = Symbol('webhook-work');

/** Delivers one event to one URL; the queue repeats what fails, so a receiver may see it more than once. */
@Controller()
export class WebhookHandler {
  readonly #work: WebhookWork;

  constructor(@Inject(WEBHOOK_WORK) work: WebhookWork) {
    this.#work = work;
  }

  @EventPattern<string>('webhook')
  async handle(@Payload() data: Uint8Array, @Ctx() context: JobContext): Promise<void> {
    const job = parseMessage(webhookJobSchema, data);
    if (job.url === undefined) throw new PermanentError('no-webhook-url', 'The webhook job names no URL.');
    await postJson(new URL(job.url), JSON.stringify(job.event), this.#work.post, context.signal);
    context.log.info({ type: job.event.type }, 'Webhook delivered');
  }
}
