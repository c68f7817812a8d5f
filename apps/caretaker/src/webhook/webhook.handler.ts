import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { webhookJobSchema } from '#shared/contracts/jobs';
import { parseMessage } from '#shared/contracts/parse-message';
import { PermanentError } from '#shared/errors';
import { redactUrl } from '#shared/http/redact-url';
import type { JobContext } from '#shared/jetstream/job-context';
import { currentTraceparent } from '#shared/jetstream/trace-headers';
import { postJson, type PostSettings } from './post-json.ts';
import { signatureHeaders } from './sign.ts';
import { webhookBody } from './webhook-body.ts';

export interface WebhookWork {
  post: PostSettings;
  operatorUrl: string | undefined;
  /** Sign every webhook; none leave them unsigned. */
  secrets: readonly string[];
}

export const WEBHOOK_WORK = Symbol('webhook-work');

/** Delivers one event to one URL; what fails is tried again, so a receiver may see an id more than once. */
@Controller()
export class WebhookHandler {
  readonly #work: WebhookWork;

  constructor(@Inject(WEBHOOK_WORK) work: WebhookWork) {
    this.#work = work;
  }

  @EventPattern<string>('webhook')
  async handle(@Payload() data: Uint8Array, @Ctx() context: JobContext): Promise<void> {
    const { post, operatorUrl, secrets } = this.#work;
    const job = parseMessage(webhookJobSchema, data);
    const url = job.url ?? operatorUrl;
    if (url === undefined) {
      throw new PermanentError('no-webhook-url', 'WEBHOOK_URL is not set any more. Set it and replay, or drop this.');
    }
    const body = webhookBody(job);
    const traceparent = currentTraceparent();
    const headers = {
      ...signatureHeaders(job.id, Math.floor(Date.now() / 1000), body, secrets),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    await postJson(new URL(url), body, headers, post, context.signal);
    context.log.info({ type: job.event.type, to: redactUrl(url) }, 'Webhook delivered');
  }
}
