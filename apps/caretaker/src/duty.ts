/**
 * Something the caretaker does beside its queue, from its start to its end. A second replica does it as well: duties must
 * be idempotent.
 */
export interface Duty {
  /** Shown by `/readyz` while `ready` is false. */
  name: string;
  ready: () => boolean;
  /** Resolves when nothing of it runs any more. */
  stop: () => Promise<void>;
}
