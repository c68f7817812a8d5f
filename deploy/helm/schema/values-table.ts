import { isMap, isNode, isScalar, type Pair, parseDocument } from 'yaml';

export interface DocumentedValue {
  /** `nats.embedded.replicas` */
  key: string;
  /** As JSON. */
  fallback: string;
  /** The text after `# --`; undefined where there is none. */
  description: string | undefined;
}

/**
 * The values of a `values.yaml`, each with what its `# --` comment says. A documented map counts as one value; an
 * undocumented one is a heading, and its own keys count.
 */
export function documentedValues(yaml: string): DocumentedValue[] {
  const { contents } = parseDocument(yaml);
  return isMap(contents) ? valuesOf(contents.items, '', yaml) : [];
}

function valuesOf(pairs: readonly Pair[], prefix: string, yaml: string): DocumentedValue[] {
  return pairs.flatMap(({ key: node, value }) => {
    if (!isScalar(node)) return [];
    const key = `${prefix}${String(node.value)}`;
    const description = commentAbove(yaml, node.range?.[0] ?? 0);
    if (description === undefined && isMap(value) && value.items.length > 0) {
      return valuesOf(value.items, `${key}.`, yaml);
    }
    return [{ key, fallback: JSON.stringify(isNode(value) ? value.toJSON() : null), description }];
  });
}

/** The comment right above the line of this offset, from `# --` on: the parser gives some comments to other nodes. */
function commentAbove(yaml: string, offset: number): string | undefined {
  const above = yaml.slice(0, offset).split('\n').slice(0, -1);
  const lines = above.slice(above.findLastIndex((line) => !/^\s*#/.test(line)) + 1).map((line) => line.trim());
  const start = lines.findLastIndex((line) => line.startsWith('# -- '));
  if (start === -1) return undefined;
  return lines
    .slice(start)
    .map((line) => line.replace(/^# (-- )?/, ''))
    .join(' ');
}

/** Longer defaults would make every row of the table as wide. */
const LONGEST_DEFAULT = 48;

/** The table of the chart's README. */
export function valuesTable(yaml: string): string {
  const rows = documentedValues(yaml).map(
    ({ key, fallback, description }) => `| \`${key}\` | ${shown(fallback)} | ${cell(description ?? '')} |`,
  );
  return ['| value | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

const shown = (fallback: string): string =>
  fallback.length > LONGEST_DEFAULT ? 'in values.yaml' : `\`${cell(fallback)}\``;

const cell = (text: string): string => text.replaceAll('|', '\\|');
