import { type ConnectionOptions, createInbox, type NatsConnection } from 'nats';

/** A new subject for answers, under the connection's own prefix: with NATS permissions nothing else may be heard. */
export function inboxOf(connection: NatsConnection): string {
  // Every connection of the client has its options, but the type does not tell.
  const { options } = connection as NatsConnection & { options?: ConnectionOptions };
  return createInbox(options?.inboxPrefix);
}
