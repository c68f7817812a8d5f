import type { TranscriptLine } from '../strategy/transcript-lines.ts';

const STAND_INS: Readonly<Record<string, string>> = { '<': '‹', '>': '›', '[': '(', ']': ')', '{': '(', '}': ')' };

/**
 * A stranger's words on one line, without the characters that delimit data, times, JSON and a chat template's control tokens
 * (`</transcript>`, `[12]`, `<|im_start|>`, `[INST]`), nor invisible ones but the joiners
 * some scripts need: text can look like any of these, but not be one.
 */
export function escapeData(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?:(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}])+/gu, ' ')
    .replace(/[<>[\]{}]/g, (character) => STAND_INS[character] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A line as a model reads it: `[754] Ada: What was said.` with the second it starts at. */
export function renderLine({ start, speaker, text }: TranscriptLine): string {
  const who = speaker === undefined || speaker.trim() === '' ? '' : `${escapeData(speaker).replaceAll(':', '')}: `;
  return `[${Math.floor(start)}] ${who}${escapeData(text)}`;
}

/** Wraps lines that are escaped already. The tag cannot occur inside. */
export function dataBlock(tag: 'transcript' | 'notes', title: string | undefined, lines: readonly string[]): string {
  const heading =
    title === undefined || title.trim() === '' ? [] : [`Title given by the publisher: ${escapeData(title)}`];
  return [`<${tag}>`, ...heading, ...lines, `</${tag}>`].join('\n');
}
