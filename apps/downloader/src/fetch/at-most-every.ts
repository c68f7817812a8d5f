/** A reporter that drops what comes sooner than `intervalMs` after the last report. */
export function atMostEvery<T>(intervalMs: number, report: (value: T) => void): (value: T) => void {
  let last = -Infinity;
  return (value) => {
    const now = performance.now();
    if (now - last < intervalMs) return;
    last = now;
    report(value);
  };
}
