import { z } from 'zod';
import { cleanText } from '#shared/transcription/clean-text';
import { joinWords } from '#shared/transcription/words';
import { type Cue, readClock } from './cue.ts';

const time = z
  .union([z.number(), z.string()])
  .optional()
  .catch(undefined)
  .transform((value) => (typeof value === 'string' ? readClock(value) : value));

/** Podcasting 2.0 names its fields one way, whisper and its kin another. */
const segmentSchema = z.object({
  startTime: time,
  endTime: time,
  start: time,
  end: time,
  body: z.string().optional().catch(undefined),
  text: z.string().optional().catch(undefined),
  speaker: z.string().optional().catch(undefined),
});
const documentSchema = z.union([
  z.object({ segments: z.array(segmentSchema) }),
  z.array(segmentSchema).transform((segments) => ({ segments })),
]);

/** A segment is closed at the end of a sentence, or when it gets this long: in seconds and in words. */
const LONGEST_SECONDS = 15;
const LONGEST_WORDS = 40;

/** @returns undefined where it is no transcript in JSON. Segments of single words are put together to sentences. */
export function readJsonTranscript(text: string): Cue[] | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) return undefined;
  const cues = parsed.data.segments.flatMap(({ startTime, endTime, start, end, body, text: said, speaker }) => {
    const clean = cleanText(body ?? said ?? '');
    return clean === '' ? [] : [{ start: startTime ?? start, end: endTime ?? end, text: clean, speaker }];
  });
  return joined(cues);
}

function joined(cues: readonly (Cue & { speaker: string | undefined })[]): Cue[] {
  const sentences: { words: string[]; cue: Cue; speaker: string | undefined }[] = [];
  for (const { speaker, ...cue } of cues) {
    const open = sentences.at(-1);
    const seconds = (cue.end ?? 0) - (open?.cue.start ?? 0);
    const goesOn =
      open !== undefined &&
      (speaker === undefined || speaker === open.speaker) &&
      !/[.!?…。！？]["'”’)]?$/.test(open.words.at(-1) ?? '') &&
      seconds < LONGEST_SECONDS &&
      open.words.length < LONGEST_WORDS;
    if (goesOn) {
      open.words.push(cue.text);
      open.cue.end = cue.end;
    } else sentences.push({ words: [cue.text], cue: { ...cue }, speaker });
  }
  return sentences.map(({ words, cue }) => ({ ...cue, text: joinWords(words) }));
}
