import type { ComponentReport } from './component-report.ts';

const SIGNS = { ok: '✓', missing: '✗', broken: '✗' } as const;

/** The reports as a table for a person, each trouble with what to do about it, and a closing line. */
export function formatReport(reports: readonly ComponentReport[]): string {
  const nameWidth = Math.max(...reports.map(({ name }) => name.length));
  const versionWidth = Math.max(...reports.map(({ version }) => version?.length ?? 0));
  const lines = reports.flatMap(({ name, status, version = '', path, detail, fix }) => {
    const what = status === 'missing' ? `missing: ${detail}` : detail;
    const row = `${SIGNS[status]} ${name.padEnd(nameWidth)}  ${version.padEnd(versionWidth)}  ${what}`;
    const where = path === undefined ? '' : ` (${path})`;
    return fix === undefined ? [row + where] : [row + where, `${' '.repeat(nameWidth + 4)}→ ${fix}`];
  });
  return [...lines, '', closingLine(reports)].join('\n');
}

function closingLine(reports: readonly ComponentReport[]): string {
  const troubled = reports.filter(({ status }) => status !== 'ok').map(({ name }) => name);
  return troubled.length === 0
    ? 'Everything works.'
    : `${troubled.length} of ${reports.length} need attention: ${troubled.join(', ')}.`;
}
