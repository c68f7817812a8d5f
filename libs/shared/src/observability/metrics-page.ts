import { METRIC_GROUPS } from './catalogue/metrics.ts';
import { COMPONENTS, type MetricSpec } from './catalogue/metric-spec.ts';

/** `docs/metrics.md`, made from the catalogue; `npm run docs` writes it, and a test fails when it is stale. */
export function metricsPage(): string {
  const sections = Object.entries(METRIC_GROUPS).map(([title, metrics]) => `## ${title}\n\n${table(metrics)}`);
  return `# Metrics

Every process answers \`GET /metrics\` with Prometheus' text format, in base units: seconds, bytes, shares of 1. Every
series carries the label \`component\`, which is one of ${COMPONENTS.map((name) => `\`${name}\``).join(', ')}.
No label ever holds an episode, a URL or a message, so the number of series does not grow with the work. Beside these,
each process has Node's own \`process_*\` and \`nodejs_*\` (CPU, memory, garbage collection, event loop).

What JetStream knows of the queues is told by the caretaker alone. This page is made from
\`libs/shared/src/observability/catalogue/\` by \`npm run docs\`. How to read the figures: [observability](observability.md).

${sections.join('\n\n')}
`;
}

function table(metrics: Readonly<Record<string, MetricSpec>>): string {
  const rows = Object.entries(metrics).map(([name, { type, labels, from, help }]) => {
    const who = from.length === COMPONENTS.length ? 'all' : from.join(', ');
    return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${who} | ${help} |`;
  });
  return ['| metric | type | labels | from | meaning |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
