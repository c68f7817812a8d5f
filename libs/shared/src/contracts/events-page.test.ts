import { describe, expect, test } from '@jest/globals';
import { eventsPage } from './events-page.ts';
import { squeezed, stalePage } from '../../../../test/support/stale-page.ts';

describe('docs/events.md', () => {
  test('is what the schema says: run `npm run docs` when it changed', async () => {
    expect(await stalePage('docs/events.md', eventsPage(), squeezed)).toBeUndefined();
  });
});
