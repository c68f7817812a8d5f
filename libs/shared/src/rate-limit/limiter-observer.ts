import type { WaitReason } from './book.ts';

/** How an `acquire` ended, or what became of a permit that was granted. */
export type PermitResult = 'granted' | 'late' | 'gave-up' | 'cancelled' | 'refused';

/** Told of everything worth a metric. Every method is optional; none may throw. */
export interface LimiterObserver {
  /** @param waitSeconds from the call of `acquire` on. */
  permit?(result: PermitResult, waitSeconds: number): void;
  /** A permit is out, and its call begins. */
  calling?(): void;
  /** A permit has to be waited for. */
  waits?(reason: WaitReason | 'stopped' | 'unavailable'): void;
  /** A compare-and-set of the state: stored, lost against another replica, or without an answer. */
  swap?(result: 'stored' | 'conflict' | 'unknown'): void;
  /** The provider answered 429 or 503. */
  throttled?(overLimit: boolean): void;
  /** The provider won't serve the account any more: worth an alert. */
  stopped?(reason: string): void;
  /** A state that could not be used was replaced by a closed one. */
  rebuilt?(reason: string): void;
}
