/**
 * The first "1.2" or "1.2.3" of a program's version output; undefined where there is none (a nightly build of ffmpeg).
 * Only the first line counts: later ones name compilers and libraries.
 * @param {string} output
 * @returns {string | undefined}
 */
export function parseVersion(output) {
  const [firstLine = ''] = output.trimStart().split('\n', 1);
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(firstLine);
  return found === null ? undefined : `${found[1]}.${found[2]}.${found[3] ?? 0}`;
}

/**
 * Whether a version is at least another, compared number by number.
 * @param {string} version
 * @param {string} minimum
 */
export function isAtLeast(version, minimum) {
  const [have, need] = [version, minimum].map((text) => text.split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (have?.[index] ?? 0) - (need?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
