import type { ConsumerInfo, JetStreamManager } from 'nats';
import { apiErrorCode, JS_ERROR } from './nats-errors.ts';

/** What the server knows of a consumer; undefined where there is none. */
export async function findConsumer(
  jsm: JetStreamManager,
  stream: string,
  name: string,
): Promise<ConsumerInfo | undefined> {
  try {
    return await jsm.consumers.info(stream, name);
  } catch (error) {
    if (apiErrorCode(error) === JS_ERROR.consumerNotFound) return undefined;
    throw error;
  }
}
