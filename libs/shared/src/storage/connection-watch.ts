import { Events, type NatsConnection } from 'nats';

/** Whether a connection stands, for what is under way on it. */
class ConnectionWatch {
  connected = true;
  readonly onLoss = new Set<() => void>();
  readonly onReturn = new Set<() => void>();

  constructor(connection: NatsConnection) {
    void this.#follow(connection);
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === Events.Disconnect) this.#change(false, this.onLoss);
      if (type === Events.Reconnect) this.#change(true, this.onReturn);
    }
    // Closed for good: nobody need wait for it, every further call says so by itself.
    for (const listeners of [this.onLoss, this.onReturn]) this.#change(true, listeners);
  }

  #change(connected: boolean, listeners: Set<() => void>): void {
    this.connected = connected;
    for (const listener of listeners) listener();
  }
}

const watches = new WeakMap<NatsConnection, ConnectionWatch>();

/** Begins to follow a connection; a loss before that goes unnoticed. */
export function watchConnection(connection: NatsConnection): ConnectionWatch {
  const watch = watches.get(connection) ?? new ConnectionWatch(connection);
  watches.set(connection, watch);
  return watch;
}

/**
 * Calls the listener when the connection breaks or closes: whatever was under way may be lost, and no answer to it will
 * come. @returns how to stop listening.
 */
export function onConnectionLoss(connection: NatsConnection, listener: () => void): () => void {
  const { onLoss } = watchConnection(connection);
  onLoss.add(listener);
  return () => void onLoss.delete(listener);
}

/** Milliseconds a call waits for a broken connection to come back before it lets its requests time out. */
const RECONNECT_PATIENCE_MS = 10_000;

/**
 * Resolves when the connection stands, after ten seconds, or when told to give up. Without it a request made while the client is reconnecting
 * is lost, and known to be lost only when it times out.
 */
export async function whenConnected(connection: NatsConnection, signal?: AbortSignal): Promise<void> {
  const watch = watchConnection(connection);
  if (watch.connected || signal?.aborted === true) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const released = new AbortController();
  const timer = setTimeout(resolve, RECONNECT_PATIENCE_MS);
  watch.onReturn.add(resolve);
  signal?.addEventListener('abort', () => resolve(), { once: true, signal: released.signal });
  await promise;
  clearTimeout(timer);
  watch.onReturn.delete(resolve);
  released.abort();
}
