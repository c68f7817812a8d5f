import { createRequire } from 'node:module';
import { parseSync } from 'subtitle';

/** One subtitle as somebody else's reader understands it; times in seconds. */
interface ReadCue {
  start: number;
  end: number;
  lines: string[];
}

interface VttNode {
  type: string;
  value?: string;
  children?: VttNode[];
}

interface VttParser {
  parse(text: string): {
    cues: { startTime: number; endTime: number; tree: VttNode }[];
    errors: { message: string; line: number }[];
  };
}

const { WebVTTParser } = createRequire(import.meta.url)('webvtt-parser') as {
  WebVTTParser: new (entities: object) => VttParser;
};

/** The reader takes HTML's table of names; its own lacks the semicolons. */
const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** SubRip, as the npm package "subtitle" reads it. @throws Error where that finds it malformed. */
export function readSrt(text: string): ReadCue[] {
  return parseSync(text).map((node) => {
    if (node.type !== 'cue') throw new Error(`Not a cue: ${JSON.stringify(node)}`);
    const { start, end, text: said } = node.data;
    return { start: start / 1000, end: end / 1000, lines: said.split('\n') };
  });
}

/** WebVTT, as the W3C's own validator reads it. @throws Error with all it objects to. */
export function readVtt(text: string): ReadCue[] {
  const { cues, errors } = new WebVTTParser(ENTITIES).parse(text);
  if (errors.length > 0) throw new Error(errors.map(({ message, line }) => `line ${line}: ${message}`).join('\n'));
  return cues.map(({ startTime, endTime, tree }) => ({
    start: toMilliseconds(startTime),
    end: toMilliseconds(endTime),
    lines: textOf(tree).split('\n'),
  }));
}

/** The reader adds hours, minutes and seconds up as they are. */
const toMilliseconds = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/** What a player shows: escapes undone. Markup of any kind is refused, since podline writes none. */
function textOf({ type, value, children = [] }: VttNode): string {
  if (type === 'object' && children.some((child) => child.type !== 'text')) throw new Error('Text was read as markup.');
  return type === 'text' ? (value ?? '') : children.map(textOf).join('');
}
