import { setTimeout as delay } from 'node:timers/promises';

const ATTEMPTS = 60;
const PAUSE_MS = 500;

/** Tries again while NATS is away; for questions of the harness, which must outlive what it does to the server. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await delay(PAUSE_MS);
    }
  }
}
