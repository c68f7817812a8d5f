import { stripVTControlCharacters } from 'node:util';

/** Text from outside (titles, errors) as one harmless line: no escape sequences, no control characters. */
export function plainText(text: string, maxLength = 200): string {
  const line = stripVTControlCharacters(text)
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
