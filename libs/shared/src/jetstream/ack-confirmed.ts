import type { JsMsg, NatsConnection } from 'nats';

const ACK = new TextEncoder().encode('+ACK');
const ATTEMPTS = 3;
const TIMEOUT_MS = 5000;

/**
 * Acks and waits for the server to confirm it; repeats when no answer comes. A plain ack may be lost on the wire and
 * the job done twice; the client's `ackAck` sends only once, however often it is called.
 */
export async function ackConfirmed(connection: NatsConnection, message: JsMsg): Promise<void> {
  // Every message of the client has its reply subject, but the type does not tell.
  const { reply } = message as JsMsg & { reply: string };
  for (let attempt = 1; ; attempt++) {
    try {
      await connection.request(reply, ACK, { timeout: TIMEOUT_MS });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
