import { describe, expect, test } from '@jest/globals';
import { formatReport } from './format-report.ts';

describe('formatReport', () => {
  test('is a table with what to do below each trouble', () => {
    const text = formatReport([
      { name: 'node', status: 'ok', version: '24.21.0', path: '/n', detail: 'runs podline' },
      { name: 'ffmpeg', status: 'missing', detail: 'not installed', fix: 'apt-get install ffmpeg' },
      { name: 'memory', status: 'broken', detail: '0.5 GB free', fix: 'close something' },
    ]);
    expect(text.split('\n')).toEqual([
      '✓ node    24.21.0  runs podline (/n)',
      '✗ ffmpeg           missing: not installed',
      '          → apt-get install ffmpeg',
      '✗ memory           0.5 GB free',
      '          → close something',
      '',
      '2 of 3 need attention: ffmpeg, memory.',
    ]);
  });

  test('says so when all is well', () => {
    expect(formatReport([{ name: 'CPUs', status: 'ok', detail: '2' }])).toBe('✓ CPUs    2\n\nEverything works.');
  });
});
