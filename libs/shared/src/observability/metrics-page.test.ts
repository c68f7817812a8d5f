import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { METRICS } from './catalogue/metrics.ts';
import type { MetricSpec } from './catalogue/metric-spec.ts';
import { metricsPage } from './metrics-page.ts';

const METRIC_LIST: [string, MetricSpec][] = Object.entries(METRICS);
/** Labels whose values somebody outside could choose without end. */
const UNBOUNDED = ['episode', 'episodeId', 'url', 'feed', 'title', 'message', 'chunk', 'model', 'host'];

describe('docs/metrics.md', () => {
  test('is what the catalogue says: run `npm run docs` when it changed', async () => {
    const squeeze = (text: string): string => text.replace(/ +\|/g, ' |').replace(/-{3,}/g, '---');
    const stored = await readFile(join(import.meta.dirname, '../../../../docs/metrics.md'), 'utf8');
    expect(squeeze(stored)).toBe(squeeze(metricsPage()));
  });
});

describe('the catalogue', () => {
  test.each(METRIC_LIST)('names %s as Prometheus asks for', (name, { type, labels, buckets }) => {
    expect(name).toMatch(/^podline_[a-z][a-z0-9_]*$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(name).not.toMatch(/_(ms|milliseconds|minutes|hours|kb|mb|percent)(_|$)/);
    expect(buckets !== undefined).toBe(type === 'histogram');
    for (const label of labels) expect(UNBOUNDED).not.toContain(label);
  });
});
