import { describe, expect, test } from '@jest/globals';
import { placeCues } from './place-cues.ts';
import { readTranscript } from './read-transcript.ts';

const SAID = [
  { start: 1, end: 3.5, text: 'Welcome to the show.' },
  { start: 4, end: 6, text: 'Today: salt & pepper.' },
];

const SRT = `1
00:00:01,000 --> 00:00:03,500
Welcome to
the show.

2
00:00:04,000 --> 00:00:06,000
<i>Today:</i> salt &amp; pepper.
`;

describe('readTranscript', () => {
  test.each<[string, string]>([
    ['SRT', SRT],
    ['SRT with carriage returns and a byte-order mark', `\ufeff${SRT.replaceAll('\n', '\r\n')}`],
    ['SRT without blank lines', SRT.replace(/\n\n/g, '\n')],
    ['SRT without numbers and hours', SRT.replace(/^\d\n/gm, '').replaceAll('00:00:0', '00:0')],
    [
      'WebVTT',
      `WEBVTT - Show\n\nNOTE made by hand\n\n${SRT.replaceAll(',', '.').replace('Welcome', '<v Ann>Welcome')}`,
    ],
    ['WebVTT with settings', `WEBVTT\n\n${SRT.replaceAll(',', '.').replaceAll('500\n', '500 align:start line:0%\n')}`],
    [
      'Podcasting 2.0 JSON',
      JSON.stringify({
        version: '1.0.0',
        segments: [
          { speaker: 'Ann', startTime: 1, endTime: 2, body: 'Welcome to' },
          { speaker: 'Ann', startTime: 2, endTime: 3.5, body: 'the show.' },
          { speaker: 'Bob', startTime: 4, endTime: 6, body: 'Today: salt & pepper.' },
        ],
      }),
    ],
    [
      'whisper’s JSON',
      JSON.stringify({ segments: SAID.map(({ start, end, text }) => ({ start, end, text: ` ${text}` })) }),
    ],
  ])('reads %s', (_name, text) => {
    expect(readTranscript(text)).toEqual(SAID);
  });

  test('reads HTML with times, without the speakers and what is around', () => {
    const html = `<!DOCTYPE html><html><head><title>T</title><style>p{}</style></head><body><script>x()</script>
      <cite>Ann:</cite> <time>0:01</time>\n<p>Welcome to <b>the</b> show.</p><cite>Bob:</cite><time>0:04</time><p>Today: salt &amp; pepper.</p></body></html>`;
    expect(readTranscript(html)).toEqual([
      { start: 1, text: 'Welcome to the show.' },
      { start: 4, text: 'Today: salt & pepper.' },
    ]);
  });

  test('reads plain text, with the times it has', () => {
    expect(readTranscript('[00:01] Welcome to the show.\n\nAnn (0:04): Today. Salt and pepper.')).toEqual([
      { start: 1, text: 'Welcome to the show.' },
      { start: 4, text: 'Today.' },
      { start: undefined, text: 'Salt and pepper.' },
    ]);
  });

  test('takes captions that scroll once', () => {
    const rolling = `WEBVTT\n\n00:01.000 --> 00:02.000\nOne two\n\n00:02.000 --> 00:03.000\nOne two three four\n\n00:03.000 --> 00:04.000\nOne two three four`;
    expect(readTranscript(rolling).map(({ text }) => text)).toEqual(['One two', 'three four', 'One two three four']);
  });

  test.each(['', '   ', '{"segments":[]}', 'WEBVTT', '<html></html>'])('finds nothing in %j that nobody said', (text) =>
    expect(readTranscript(text).filter(({ start }) => start !== undefined)).toEqual([]),
  );

  test('does not fall to text made to keep it busy', () => {
    const started = performance.now();
    for (const piece of ['<', '<time>', '[', '-->', '{\\', '<!--', 'a'.repeat(50), '1:1 --> 2', '&', '\n\n1\n'])
      readTranscript(piece.repeat(200_000 / piece.length));
    readTranscript(`<p>${'<time>'.repeat(30_000)}`);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('placeCues', () => {
  test('keeps the times a transcript has, in order and inside the episode', () => {
    const { segments, seconds } = placeCues(
      [...SAID, { start: 0, end: 1, text: 'Astray.' }, { start: 8, end: 900, text: 'Last.' }],
      60,
    );
    expect(segments.slice(0, 2)).toEqual(SAID);
    expect(segments[2]?.start).toBeGreaterThanOrEqual(4);
    expect(segments[3]).toMatchObject({ start: 8, end: 900 });
    expect(seconds).toBe(900);
  });

  test('spreads text without times over the episode, and says that it has', () => {
    const { segments, seconds } = placeCues([{ text: 'One.' }, { text: 'Two.' }], 100);
    expect(segments).toEqual([
      { start: 0, end: 50, text: 'One.', estimated: true },
      { start: 50, end: 100, text: 'Two.', estimated: true },
    ]);
    expect(seconds).toBe(100);
  });

  test('spreads lines between those that have a time', () => {
    const { segments } = placeCues([{ start: 10, text: 'One.' }, { text: 'Two.' }, { start: 20, text: 'Three.' }], 30);
    expect(segments.map(({ start, end }) => [start, end])).toEqual([
      [10, 15],
      [15, 20],
      [20, 35],
    ]);
  });
});
