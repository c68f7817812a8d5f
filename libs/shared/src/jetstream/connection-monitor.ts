import { Events, type NatsConnection } from 'nats';

/** Knows whether the connection stands, and lets work wait until it does. */
export class ConnectionMonitor {
  #connected = true;
  #changed = Promise.withResolvers<void>();
  readonly #listeners: Array<(connected: boolean) => void> = [];

  constructor(connection: NatsConnection) {
    void this.#follow(connection);
  }

  get connected(): boolean {
    return this.#connected;
  }

  onChange(listener: (connected: boolean) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when the connection stands, or the signal aborts. */
  async whenConnected(signal: AbortSignal): Promise<void> {
    const { promise: aborted, resolve: abort } = Promise.withResolvers<void>();
    const onAbort = (): void => abort();
    signal.addEventListener('abort', onAbort, { once: true });
    while (!this.#connected && !signal.aborted) await Promise.race([this.#changed.promise, aborted]);
    signal.removeEventListener('abort', onAbort);
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === Events.Disconnect) this.#set(false);
      if (status.type === Events.Reconnect) this.#set(true);
    }
    // The connection is closed: nobody may wait for it any more.
    this.#set(true);
  }

  #set(connected: boolean): void {
    if (this.#connected === connected) return;
    this.#connected = connected;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
    for (const listener of this.#listeners) listener(connected);
  }
}
