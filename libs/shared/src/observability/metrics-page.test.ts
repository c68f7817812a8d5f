import { describe, expect, test } from '@jest/globals';
import { METRICS } from './catalogue/metrics.ts';
import type { MetricSpec } from './catalogue/metric-spec.ts';
import { metricsPage } from './metrics-page.ts';
import { stalePage, unpadded } from '../../../../test/support/stale-page.ts';

const METRIC_LIST: [string, MetricSpec][] = Object.entries(METRICS);
/** Labels whose values somebody outside could choose without end. */
const UNBOUNDED = ['episode', 'episodeId', 'url', 'feed', 'title', 'message', 'chunk', 'model', 'host'];

describe('docs/metrics.md', () => {
  test('is what the catalogue says: run `npm run docs` when it changed', async () => {
    expect(await stalePage('docs/metrics.md', metricsPage(), unpadded)).toBeUndefined();
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
