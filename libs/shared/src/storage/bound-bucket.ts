import type { KV, NatsConnection } from 'nats';

/** A KV bucket that is bound to when it is first needed, and again where that failed: the client asks the server for it. */
export class BoundBucket {
  readonly #connection: NatsConnection;
  readonly #name: string;
  #bucket: Promise<KV> | undefined;

  constructor(connection: NatsConnection, name: string) {
    this.#connection = connection;
    this.#name = name;
  }

  open(): Promise<KV> {
    this.#bucket ??= this.#bind();
    return this.#bucket;
  }

  /** To be called where the bucket did not answer: it may be another one by now. */
  forget(): void {
    this.#bucket = undefined;
  }

  async #bind(): Promise<KV> {
    try {
      return await this.#connection.jetstream().views.kv(this.#name, { bindOnly: true });
    } catch (error) {
      this.forget();
      throw error;
    }
  }
}
