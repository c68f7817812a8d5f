import type { Times } from './repair-times.ts';
import { type Span, unionOf } from './spans.ts';

/**
 * Spreads texts that have no times over the time somebody speaks, each by its length: a text model says what was said,
 * the silence map says when. Good to a few seconds where people speak evenly.
 * @param speech stretches that are not silence, in seconds; without any, all of [0, seconds] counts.
 */
export function spreadOverSpeech(texts: readonly string[], speech: readonly Span[], seconds: number): Times[] {
  const inside = unionOf(speech.map(([start, end]) => [Math.max(0, start), Math.min(seconds, end)] as const));
  const spans = inside.length > 0 ? inside : [[0, seconds] as const];
  const total = spans.reduce((sum, [start, end]) => sum + (end - start), 0);
  const letters = texts.reduce((sum, text) => sum + weight(text), 0);
  let spoken = 0;
  return texts.map((text) => {
    const start = clockAt(spans, (spoken / letters) * total, 'start');
    spoken += weight(text);
    const end = clockAt(spans, (spoken / letters) * total, 'end');
    return { start, end: Math.max(start, end) };
  });
}

function weight(text: string): number {
  return Math.max(1, text.length);
}

/** The time at which so many seconds have been spoken; at the border of two spans, the side asked for. */
function clockAt(spans: readonly Span[], spoken: number, side: 'start' | 'end'): number {
  let left = spoken;
  for (const [start, end] of spans) {
    const length = end - start;
    if (left < length - 1e-9 || (side === 'end' && left <= length + 1e-9))
      return start + Math.max(0, Math.min(left, length));
    left -= length;
  }
  return spans.at(-1)?.[1] ?? 0;
}
