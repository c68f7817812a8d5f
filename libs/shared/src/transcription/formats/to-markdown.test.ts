import { expect, test } from '@jest/globals';
import type { TranscriptSegment } from '#shared/contracts/transcript';
import { toMarkdown } from './to-markdown.ts';

const segments: TranscriptSegment[] = [
  { start: 0, end: 4, text: 'Hello there.', chunk: 0 },
  { start: 4, end: 6, text: 'It is late.', chunk: 0 },
  { start: 6.5, end: 9, text: 'Now the owls.', chunk: 0 },
  { start: 3700, end: 3702, text: 'Good night.', chunk: 1 },
];
const episode = {
  episodeId: 'night-1',
  title: 'Night',
  url: 'https://example.com/night.mp3?a=1',
  language: 'en',
  seconds: 3710,
  providers: ['whisper' as const],
  models: ['tiny.en'],
  segments,
};

test('has a heading for each chapter, and links into the audio', () => {
  const chapters = [
    { title: 'Owls', start: 6.5 },
    { title: 'The end', start: 3700 },
  ];
  expect(toMarkdown(episode, chapters)).toBe(
    [
      '# Night',
      '1:01:50 · English · transcribed by tiny.en',
      '[0:00](<https://example.com/night.mp3?a=1#t=0>) Hello there. It is late.',
      '## Owls',
      '[0:06](<https://example.com/night.mp3?a=1#t=6>) Now the owls.',
      '## The end',
      '[1:01:40](<https://example.com/night.mp3?a=1#t=3700>) Good night.\n',
    ].join('\n\n'),
  );
});

test('without chapters is one text; an upload has no links, and no title is its id', () => {
  const { title: _, ...untitled } = episode;
  const upload = { ...untitled, url: `upload:${'0'.repeat(64)}`, language: 'und', providers: ['publisher' as const] };
  expect(toMarkdown(upload)).toBe(
    '# night-1\n\n1:01:50 · the publisher’s transcript\n\n0:00 Hello there. It is late. Now the owls.\n\n1:01:40 Good night.\n',
  );
});

test('shows what strangers wrote as it is', () => {
  const hostile = { ...episode, title: '# <script>', url: 'https://example.com/a>)[x](b', segments: [] };
  const chapters = [{ title: '[click](https://evil.example)\n# Heading', start: 0 }];
  expect(toMarkdown({ ...hostile, segments: segments.slice(0, 1) }, chapters).split('\n')).toEqual([
    '# \\# \\<script\\>',
    '',
    '1:01:50 · English · transcribed by tiny.en',
    '',
    '## \\[click\\](https\\://evil.example) \\# Heading',
    '',
    '[0:00](<https://example.com/a%3E%29%5Bx%5D%28b#t=0>) Hello there.',
    '',
  ]);
});
