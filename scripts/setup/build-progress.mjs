/**
 * How far a build is, from a line of its output: make prints `[ 45%]`, ninja `[12/38]`.
 * @param {string} line
 * @returns {number | undefined} 0 to 1; undefined for lines that don't tell
 */
export function parseBuildProgress(line) {
  const percent = /^\[\s*(\d+)%\]/.exec(line);
  if (percent !== null) return Number(percent[1]) / 100;
  const steps = /^\[(\d+)\/(\d+)\]/.exec(line);
  return steps === null || Number(steps[2]) === 0 ? undefined : Number(steps[1]) / Number(steps[2]);
}
