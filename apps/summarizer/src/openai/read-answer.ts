import type { AnswerKind, NotesAnswer, SummaryAnswer } from './answer-schemas.ts';
import type { ChatReply } from './chat-client.ts';
import { readLooseJson } from './read-loose-json.ts';
import { readTextAnswer } from './read-text-answer.ts';

/** An answer, or why it is none, said so that the model can do better and a person can see what happened. */
export type Reading<T> = { value: T } | { reason: 'refused' | 'truncated-answer' | 'invalid-answer'; problem: string };

/** How much of a bad answer is quoted, in characters. */
const EXCERPT = 120;

/** Reads an answer that has to fit its schema exactly. */
export function readStrictAnswer<T extends SummaryAnswer | NotesAnswer>(
  reply: ChatReply,
  kind: AnswerKind<T>,
): Reading<T> {
  const early = endedEarly(reply);
  if (early !== undefined) return early;
  const parsed = kind.schema.safeParse(jsonOf(reply.text));
  if (parsed.success) return orEmpty(parsed.data);
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join('.') ?? '';
  return invalid(`it does not fit the schema: ${where === '' ? 'the whole' : where}: ${issue?.message}.`, reply.text);
}

/** Reads whatever can be read: JSON with mistakes, and plain text, if that is all the model can do. */
export function readLooseAnswer<T extends SummaryAnswer | NotesAnswer>(
  reply: ChatReply,
  kind: AnswerKind<T>,
  { plainText, cutOff }: { plainText: boolean; cutOff: boolean },
): Reading<T> {
  const early = endedEarly(reply);
  if (early !== undefined && !(cutOff && early.reason === 'truncated-answer')) return early;
  const text = withoutThoughts(reply.text);
  const loose = readLooseJson(text) ?? (plainText ? readTextAnswer(text) : undefined);
  if (loose === undefined) return invalid('it is not a JSON object.', reply.text);
  return orEmpty(kind.coerce(loose), reply.text);
}

/** Some reasoning models write their thoughts into the answer. */
const withoutThoughts = (text: string): string => text.replace(/^\s*<think>.*?(?:<\/think>|$)/su, '');

function endedEarly({ finish, refusal, text }: ChatReply): Exclude<Reading<never>, { value: never }> | undefined {
  if (finish === 'refusal') {
    const said = refusal === undefined ? 'a content filter stopped it' : `the model refused: "${excerpt(refusal)}"`;
    return { reason: 'refused', problem: `${said}. Only a neutral summary of what was said is asked for.` };
  }
  if (finish !== 'length') return undefined;
  return {
    reason: 'truncated-answer',
    problem: `it was cut off after ${text.length} characters for being too long. Use fewer and shorter entries.`,
  };
}

function orEmpty<T extends SummaryAnswer | NotesAnswer>(value: T, text = ''): Reading<T> {
  const isEmpty =
    'abstract' in value ? value.abstract.trim() === '' || value.oneLine.trim() === '' : value.points.length === 0;
  return isEmpty ? invalid('it says nothing.', text) : { value };
}

const invalid = (problem: string, text: string) => ({
  reason: 'invalid-answer' as const,
  problem: text.trim() === '' ? problem : `${problem} It began with "${excerpt(text)}".`,
});

/** On one line, and without the characters that delimit data: it goes back to the model. */
const excerpt = (text: string): string =>
  text
    .slice(0, EXCERPT)
    .toWellFormed()
    .replace(/[<>[\]{}"\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
