import type { ChatRequest } from './openai-server/chat-completions.ts';

/** Statements it makes of one block of data. */
const MOST_POINTS = 8;

/**
 * A chat model that does as told and makes nothing up: it answers from the lines between the tags, in the asked-for shape.
 * For `complete` of the OpenAI-compatible test server.
 */
export function obedientModel({ prompt, schema }: Pick<ChatRequest, 'prompt' | 'schema'>): string {
  const lines = linesOf(prompt);
  const points = everyNth(lines, MOST_POINTS).map(({ start, text }) => ({ text: sentence(text), start }));
  const lists = {
    language: 'en',
    chapters: everyNth(lines, 3).map(({ start, text }) => ({ title: text.split(' ').slice(0, 4).join(' '), start })),
    people: [],
    organisations: [],
    quotes: lines.slice(0, 1).map(({ text }) => sentence(text)),
    keywords: lines.slice(0, 2).map(({ text }) => text.split(' ')[0] ?? ''),
  };
  const wantsSummary = JSON.stringify(schema ?? prompt).includes('abstract');
  const abstract = points.map(({ text }) => text).join(' ');
  const oneLine = points[0]?.text ?? '';
  return JSON.stringify(
    wantsSummary ? { ...lists, title: 'A summary', oneLine, abstract, keyPoints: points } : { ...lists, points },
  );
}

function linesOf(prompt: string): { start: number; text: string }[] {
  const block = /<(transcript|notes)>\n(.*)\n<\/\1>/s.exec(prompt)?.[2] ?? '';
  return [...block.matchAll(/^\[(\d+)\] (.+)$/gm)].map(([, start, text = '']) => ({ start: Number(start), text }));
}

function everyNth<T>(items: readonly T[], most: number): T[] {
  const step = Math.max(1, Math.ceil(items.length / most));
  return items.filter((_, i) => i % step === 0);
}

const sentence = (text: string): string => /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
