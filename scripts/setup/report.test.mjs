import { describe, expect, test } from '@jest/globals';
import { describeVersion, reportNode } from './report.mjs';
import { requirements } from './requirements.mjs';

describe('reportNode', () => {
  test('Node 24 is well, Node 20 is too old', () => {
    expect(reportNode('24.21.0', '/n')).toMatchObject({ status: 'ok', version: '24.21.0', path: '/n' });
    expect(reportNode('20.20.2', '/n')).toMatchObject({ status: 'broken', fix: expect.stringContaining('npm') });
  });
});

describe('describeVersion', () => {
  const nats = requirements.tools['nats-server'];

  test('a version below the one for clusters does for one machine', () => {
    expect(nats && describeVersion(nats, '2.9.10')).toBe('does for one machine; a cluster needs 2.12.3 or newer');
    expect(nats && describeVersion(nats, '2.12.3')).toBe('runs');
  });

  test('a tool without such a version just runs', () => {
    expect(describeVersion({ ...nats, production: undefined }, '1.0.0')).toBe('runs');
  });
});
