import { describe, expect, test } from '@jest/globals';
import type { Summary } from '#shared/contracts/summary';
import { renderChapters } from './render-chapters.ts';
import { renderMarkdown } from './render-markdown.ts';

const summary: Summary = {
  v: 1,
  episodeId: 'e1',
  provider: 'local',
  model: 'qwen3',
  language: 'en',
  title: 'The Tide Mill',
  oneLine: 'How the sea ground flour.',
  abstract: 'A mill used the tide. It still stands.',
  keyPoints: [{ text: 'The tide drove the wheel.', start: 65.4 }],
  chapters: [
    { title: 'The river', start: 0 },
    { title: 'The wheel', start: 3725.5 },
  ],
  people: ['Anna Berg'],
  organisations: [],
  quotes: [{ text: 'We never stopped.', start: 12, end: 14 }],
  keywords: ['tide', 'flour'],
  sentences: [],
  steps: [
    { provider: 'openai', outcome: 'failed', reason: 'bad-api-key' },
    { provider: 'local', model: 'qwen3', outcome: 'ok' },
  ],
  figures: { parts: 2, calls: 3, promptTokens: 1, completionTokens: 1, droppedQuotes: 0, droppedNames: 0 },
};

describe('a summary in Markdown', () => {
  test('has every section that has something in it', () => {
    expect(renderMarkdown(summary)).toBe(`# The Tide Mill

**How the sea ground flour.**

A mill used the tide. It still stands.

## Key points

- \`1:05\` The tide drove the wheel.

## Chapters

- \`0:00\` The river
- \`1:02:05\` The wheel

## Quotes

> We never stopped. (\`0:12\`)

## People

Anna Berg

## Keywords

tide, flour

---

Summarized by local (qwen3) in 2 parts. Language: English. Asked before: openai: bad-api-key.
`);
  });

  test('shows words as words, not as links, pictures or HTML', () => {
    expect(renderMarkdown({ ...summary, people: ['[Ann](http://b)'] })).toContain(String.raw`\[Ann\](http\://b)`);
    const abstract = '# Hi <b onclick=x> ![a](http://b) [c](https://d) `e` *f*';
    expect(renderMarkdown({ ...summary, abstract })).toContain(
      String.raw`\# Hi \<b onclick=x\> !\[a\](http\://b) \[c\](https\://d) \`e\` \*f\*`,
    );
  });

  test('has a heading without a title', () => {
    const { title: _, ...untitled } = summary;
    expect(renderMarkdown(untitled)).toMatch(/^# How the sea ground flour\.\n\nA mill/);
  });
});

test('chapters are Podcasting 2.0 chapters', () => {
  expect(JSON.parse(renderChapters(summary))).toEqual({
    version: '1.2.0',
    title: 'The Tide Mill',
    chapters: [
      { startTime: 0, title: 'The river' },
      { startTime: 3725.5, title: 'The wheel' },
    ],
  });
  expect(JSON.parse(renderChapters({ chapters: [] }))).toEqual({ version: '1.2.0', chapters: [] });
});
