/**
 * Licences a package that is shipped with podline may have: permissive ones, which ask for no more than their notice.
 */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
]);

/** Packages that name their licence in a form the lock file does not take over; read from their own LICENSE files. */
const READ_BY_HAND = { busboy: 'MIT', streamsearch: 'MIT' };

/** What is shipped and is no npm package. */
const OTHERS = [
  ['whisper.cpp, ggml', '1.9.1', 'MIT', 'compiled from the source in the npm package nodejs-whisper'],
  ['whisper tiny.en', 'q8_0', 'MIT', 'OpenAI’s weights, converted and quantised; in models/'],
  ['Node.js', '24.21.0', 'MIT and others', 'in the images, unchanged'],
  ['Debian 12', 'newest at the build', 'by package', 'base of the images, unchanged; tini and libgomp among it'],
  [
    'ffmpeg',
    'Debian 12’s',
    'GPL-2.0-or-later',
    'in the images that handle audio: Debian’s package, unchanged, run as a program of its own',
  ],
];

/**
 * The packages that run in production, with their licences.
 * @param {{ packages: Record<string, { version?: string, license?: string, dev?: boolean, optional?: boolean }> }} lock package-lock.json, version 3
 * @returns {{ name: string, version: string, license: string }[]} by name, then version
 * @throws Error that names every package whose licence is unknown or not among the allowed ones
 */
export function shippedPackages(lock) {
  const shipped = Object.entries(lock.packages)
    .filter(([path, one]) => path !== '' && one.dev !== true)
    .map(([path, { version = '?', license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return { name, version, license: license ?? READ_BY_HAND[name] ?? 'unknown' };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
  const refused = shipped.filter(({ license }) => !isAllowed(license));
  if (refused.length === 0) return shipped;
  const names = refused.map(({ name, version, license }) => `${name} ${version}: ${license}`);
  throw new Error(`Licences that must be looked at by a person, and allowed or avoided:\n  ${names.join('\n  ')}`);
}

/** An SPDX expression: one of several (OR), or all of several (AND), without further nesting. */
function isAllowed(expression) {
  const bare = expression.replaceAll(/[()]/g, '');
  if (bare.includes(' OR ')) return bare.split(' OR ').some((one) => ALLOWED.has(one));
  return bare.split(' AND ').every((one) => ALLOWED.has(one));
}

/** THIRD_PARTY.md: everything that is shipped with podline and was not written for it. */
export function thirdPartyPage(lock) {
  const packages = shippedPackages(lock);
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [
    '# Third-party software',
    '',
    'What is shipped with podline and was made by others, with its licence. Made from `package-lock.json` by `npm run docs`; a',
    'licence that is not permissive fails the check.',
    '',
    row(['what', 'version', 'licence', 'where it comes from']),
    row(['---', '---', '---', '---']),
    ...OTHERS.map(row),
    '',
    `## npm packages (${packages.length})`,
    '',
    row(['package', 'version', 'licence']),
    row(['---', '---', '---']),
    ...packages.map(({ name, version, license }) => row([name, version, license])),
    '',
  ].join('\n');
}
