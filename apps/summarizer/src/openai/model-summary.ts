import { inParallel } from '#shared/parallel/in-parallel';
import type { SummaryDraft } from '../summary-provider.ts';
import { groupNotes, type Budget, planCalls } from '../strategy/plan-calls.ts';
import type { Gate } from '#shared/parallel/gate';
import { type TranscriptLine, transcriptLines } from '../strategy/transcript-lines.ts';
import type { TranscriptInput } from '../transcript-input.ts';
import { NOTES_ANSWER, type NotesAnswer, SUMMARY_ANSWER, type SummaryAnswer } from './answer-schemas.ts';
import { askModel, type Asker, type Tally } from './ask-model.ts';
import { type CheckedLists, checkLists } from './check-answer.ts';
import { dataBlock, renderLine } from './data-block.ts';
import { type EpisodeNotes, fitNotes } from './episode-notes.ts';
import { TranscriptIndex } from './transcript-index.ts';

/** A model's summary of a transcript, checked, before it becomes a draft. */
export interface ModelSummary {
  answer: SummaryAnswer;
  lists: CheckedLists;
  figures: Pick<SummaryDraft['figures'], 'parts' | 'droppedQuotes' | 'droppedNames'>;
}

export interface ModelWork {
  asker: Asker;
  budget: Budget;
  /** Lets so many parts be asked about at once, over all episodes of this provider. */
  gate: Gate;
  tally: Tally;
  signal: AbortSignal;
  /** ISO 639-1 code, or "und". */
  language: string;
  sentences: number;
}

/** Summarizes a transcript with speech in it: in one call where it fits, else over notes on its parts. */
export async function modelSummary(input: TranscriptInput, work: ModelWork): Promise<ModelSummary> {
  const lines = transcriptLines(input.segments, work.language);
  const index = new TranscriptIndex(input.segments);
  const sizes = lines.map((line) => sizeOf(renderLine(line), work));
  const plan = planCalls(
    lines.map((line, i) => ({ tokens: sizes[i]!, breakBefore: line.breakBefore })),
    work.budget,
  );
  if (plan.kind === 'whole') {
    const answer = await askForSummary(dataBlock('transcript', input.title, lines.map(renderLine)), 'transcript', work);
    const lists = check(listsOf(answer), lines, input, index);
    return { answer, lists, figures: figuresOf(1, [lists]) };
  }
  const parts = plan.stretches.map(({ from, to }) => lines.slice(from, to));
  const notes = await inParallel(parts, work, async (part, i, signal) => {
    const task = { number: i + 1, of: parts.length };
    const answer = await askForNotes(
      dataBlock('transcript', input.title, part.map(renderLine)),
      'transcript',
      work,
      signal,
      task,
    );
    return { lists: check(answer, part, input, index), start: part[0]!.start, end: part.at(-1)!.end };
  });
  const reduced = await reduceNotes(notes, input, index, work);
  const rendered = fitNotes(reduced.notes, work.budget.notes, (line) => sizeOf(line, work));
  const answer = await askForSummary(dataBlock('notes', input.title, rendered), 'notes', work);
  const lists = check(listsOf(answer), lines, input, index);
  return {
    answer,
    lists,
    figures: figuresOf(parts.length, [...notes.map((part) => part.lists), ...reduced.checked, lists]),
  };
}

/** A rendered line and the line break after it. */
const sizeOf = (line: string, { asker }: ModelWork): number => asker.count(line) + 1;

/** Shortens notes, group by group, until all of them fit one call. Each round leaves at most half as many, rounded up. */
async function reduceNotes(
  all: readonly EpisodeNotes[],
  input: TranscriptInput,
  index: TranscriptIndex,
  work: ModelWork,
): Promise<{ notes: readonly EpisodeNotes[]; checked: CheckedLists[] }> {
  const size = (line: string): number => sizeOf(line, work);
  const checked: CheckedLists[] = [];
  let notes = all;
  for (;;) {
    const sizes = notes.map((part) => fitNotes([part], Infinity, size).reduce((sum, line) => sum + size(line), 0));
    const groups = groupNotes(sizes, work.budget.notes);
    if (groups.length <= 1) return { notes, checked };
    const current = notes;
    notes = await inParallel(groups, work, async ({ from, to }, _, signal) => {
      const group = current.slice(from, to);
      const [lone] = group;
      if (group.length === 1 && lone !== undefined) return lone;
      const block = dataBlock('notes', input.title, fitNotes(group, work.budget.notes, size));
      const answer = await askForNotes(block, 'notes', work, signal);
      const range = { start: group[0]!.start, end: group.at(-1)!.end };
      const lists = checkLists(answer, index, { segments: input.segments, ...range });
      checked.push(lists);
      return { lists, ...range };
    });
  }
}

function askForSummary(block: string, data: 'transcript' | 'notes', work: ModelWork): Promise<SummaryAnswer> {
  const { language, sentences } = work;
  const task = { answer: SUMMARY_ANSWER, data, language, sentences };
  return askModel(work.asker, { task, block, maxTokens: work.budget.summaryAnswer }, work.tally, work.signal);
}

function askForNotes(
  block: string,
  data: 'transcript' | 'notes',
  work: ModelWork,
  signal: AbortSignal,
  part?: { number: number; of: number },
): Promise<NotesAnswer> {
  const { language, sentences } = work;
  const task = { answer: NOTES_ANSWER, data, language, sentences, part };
  return askModel(work.asker, { task, block, maxTokens: work.budget.notesAnswer }, work.tally, signal);
}

const listsOf = (answer: SummaryAnswer): NotesAnswer => ({ ...answer, points: answer.keyPoints });

function check(
  answer: NotesAnswer,
  lines: readonly TranscriptLine[],
  input: TranscriptInput,
  index: TranscriptIndex,
): CheckedLists {
  const range = { segments: input.segments, start: lines[0]!.start, end: lines.at(-1)!.end };
  return checkLists(answer, index, range);
}

function figuresOf(parts: number, lists: readonly CheckedLists[]): ModelSummary['figures'] {
  return {
    parts,
    droppedQuotes: lists.reduce((sum, list) => sum + list.droppedQuotes, 0),
    droppedNames: lists.reduce((sum, list) => sum + list.droppedNames, 0),
  };
}
