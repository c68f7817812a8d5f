import { z } from 'zod';
import { coerceNotes, coerceSummary } from './coerce-answer.ts';

/** Servers enforce only types and required fields, so lengths are asked for in words and cut to size afterwards. */
const start = z.number().describe('Second it starts at: the number in brackets at the beginning of its line');
const points = z.array(z.strictObject({ text: z.string(), start }));
const chapters = z.array(z.strictObject({ title: z.string().describe('At most 8 words'), start }));
const quotes = z.array(z.string()).describe('Striking sentences, copied word for word; at most 5');
const people = z.array(z.string()).describe('Full names of people who speak or are spoken about');
const organisations = z.array(z.string()).describe('Names of companies, institutions and groups that are mentioned');
const keywords = z.array(z.string()).describe('5 to 10 terms it could be found by');

/** What a model answers about a whole episode. */
export const summaryAnswerSchema = z.strictObject({
  language: z.string().describe('ISO 639-1 code of the language it is spoken in'),
  title: z.string().describe('At most 10 words'),
  oneLine: z.string().describe('One sentence of at most 25 words'),
  abstract: z.string(),
  keyPoints: points.describe('4 to 10 statements, one sentence each, in order of time'),
  chapters: chapters.describe('One for each topic, in order of time; several minutes each'),
  people,
  organisations,
  quotes,
  keywords,
});
export type SummaryAnswer = z.infer<typeof summaryAnswerSchema>;

/** What a model notes about a part of an episode, for a summary of all parts. */
export const notesAnswerSchema = z.strictObject({
  language: z.string().describe('ISO 639-1 code of the language it is spoken in'),
  points: points.describe('Everything a summary needs, as 5 to 15 statements, one sentence each, in order of time'),
  chapters: chapters.describe('Where a new topic begins, in order of time'),
  people,
  organisations,
  quotes,
  keywords,
});
export type NotesAnswer = z.infer<typeof notesAnswerSchema>;

/** A question a model is asked: what the answer is called and looks like. */
export interface AnswerKind<T> {
  name: 'summary' | 'notes';
  schema: z.ZodType<T>;
  jsonSchema: Record<string, unknown>;
  /** Makes the best of an answer that does not fit. */
  coerce: (loose: Record<string, unknown>) => T;
}

export const SUMMARY_ANSWER: AnswerKind<SummaryAnswer> = {
  name: 'summary',
  schema: summaryAnswerSchema,
  jsonSchema: asJsonSchema(summaryAnswerSchema),
  coerce: coerceSummary,
};

export const NOTES_ANSWER: AnswerKind<NotesAnswer> = {
  name: 'notes',
  schema: notesAnswerSchema,
  jsonSchema: asJsonSchema(notesAnswerSchema),
  coerce: coerceNotes,
};

/** The dialect line is left out: strict servers refuse keywords they do not know. */
function asJsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema) as Record<string, unknown>;
  return rest;
}
