import { EXIT } from './exit-codes.ts';

/**
 * The first Ctrl-C ends things in order; a second one is the person's way to insist.
 *
 * `on`, not `once`: what draws on the terminal listens too, to bring the cursor back, and ends the process by the same
 * signal where nobody else listens any more.
 * @param stop called at the first signal.
 * @returns when it has come.
 */
export function onInterrupt(stop: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let came = false;
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(event, () => {
      if (came) process.exit(EXIT.interrupted);
      came = true;
      stop();
      resolve();
    });
  }
  return promise;
}
