import type { NotesAnswer, SummaryAnswer } from './answer-schemas.ts';

/** Other names models give a field, without case, spaces and underscores. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  oneLine: ['oneline', 'onelinesummary', 'tagline', 'headline'],
  abstract: ['abstract', 'summary', 'description', 'text'],
  points: ['points', 'keypoints', 'notes', 'highlights'],
  organisations: ['organisations', 'organizations', 'companies'],
};

type Loose = Record<string, unknown>;

/**
 * Makes the best of an answer that does not fit its schema: fields under other names, lists that are strings, times that are
 * text. What is missing is empty. Times that cannot be read are NaN.
 */
export function coerceSummary(loose: Loose): SummaryAnswer {
  const { points, ...notes } = coerceNotes(loose);
  const abstract = string(field(loose, 'abstract'));
  return {
    ...notes,
    keyPoints: points,
    title: string(field(loose, 'title')),
    oneLine: string(field(loose, 'oneLine')) || firstSentence(abstract),
    abstract: abstract || string(field(loose, 'oneLine')),
  };
}

export function coerceNotes(loose: Loose): NotesAnswer {
  return {
    language: string(field(loose, 'language')),
    points: timed(field(loose, 'points')),
    chapters: timed(field(loose, 'chapters')).map(({ text, start }) => ({ title: text, start })),
    people: strings(field(loose, 'people')),
    organisations: strings(field(loose, 'organisations')),
    quotes: strings(field(loose, 'quotes')),
    keywords: strings(field(loose, 'keywords')),
  };
}

function field(loose: Loose, name: string): unknown {
  const names = new Set(ALIASES[name] ?? [name.toLowerCase()]);
  return Object.entries(loose).find(([key]) => names.has(key.toLowerCase().replace(/[^a-z]/g, '')))?.[1];
}

/** Text of a value: of an object, its first text. */
function string(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value))
    return value
      .map(string)
      .filter((text) => text !== '')
      .join(' ');
  if (value === null || typeof value !== 'object') return '';
  return string(Object.values(value).find((inner) => typeof inner === 'string'));
}

function strings(value: unknown): string[] {
  const list = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[;\n]/) : [];
  return list.map(string).filter((text) => text !== '');
}

function timed(value: unknown): { text: string; start: number }[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.map(timedItem).filter(({ text }) => text !== '');
}

/** `{ text, start }` under whatever names, or `[754] text`. */
function timedItem(item: unknown): { text: string; start: number } {
  if (item !== null && typeof item === 'object' && !Array.isArray(item)) {
    const entries = Object.entries(item);
    const time = entries.find(([key]) => /^(?:start|time|second|at$)/i.test(key));
    const text = entries.find(([key, inner]) => typeof inner === 'string' && key !== time?.[0]);
    return { text: string(text?.[1]), start: seconds(time?.[1]) };
  }
  const [, mark, text = ''] = /^\W*?((?:\d+:)*\d+(?:\.\d+)?)\s*s?[\])]?\s*[-–:]?\s*(.*)$/su.exec(string(item)) ?? [];
  return mark === undefined || text === '' ? { text: string(item), start: Number.NaN } : { text, start: seconds(mark) };
}

/** `754`, `"754"`, `"754s"` and `"12:34"`, in seconds. */
function seconds(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return Number.NaN;
  const parts = value.replace(/[^\d:.]/g, '').split(':');
  if (parts.every((part) => part === '')) return Number.NaN;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

const firstSentence = (text: string): string => /^.*?[.!?。！？](?=\s|$)/su.exec(text)?.[0] ?? text.slice(0, 200);
