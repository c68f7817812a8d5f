/** Signals that end the set-up, with the exit code a shell expects of each. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * A signal to hand to every step, aborted when this process is told to stop. `release` gives the signals back.
 * @returns {{ signal: AbortSignal, exitCode: () => number, release: () => void }}
 */
export function interruptSignal() {
  const controller = new AbortController();
  let code = 0;
  const handlers = Object.entries(EXIT_CODES).map(([name, exitCode]) => {
    const handler = () => {
      code ||= exitCode;
      controller.abort();
    };
    process.on(name, handler);
    return /** @type {const} */ ([name, handler]);
  });
  return {
    signal: controller.signal,
    exitCode: () => code,
    release: () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}
