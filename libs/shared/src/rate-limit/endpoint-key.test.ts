import { expect, test } from '@jest/globals';
import { endpointKey } from './endpoint-key.ts';

test('names account and class', () => {
  expect(endpointKey({ account: 'openai', class: 'transcription' })).toBe('openai.transcription');
});

test.each(['', 'a.b', 'A', 'with space', '-x', 'x'.repeat(41), 'a*'])('refuses the name %j', (account) => {
  expect(() => endpointKey({ account, class: 'summary' })).toThrow('Expected the account to be');
});

test('refuses what looks like an API key, and does not repeat it', () => {
  const key = 'sk-proj-abcdef0123456789';
  expect(() => endpointKey({ account: key, class: 'summary' })).toThrow(/^The account looks like an API key/);
  expect(() => endpointKey({ account: key, class: 'summary' })).not.toThrow(/abcdef/);
});
