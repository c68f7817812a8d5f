/** The headings a plain-text answer is asked to have, in any of the spellings models make of them. */
const HEADINGS: Readonly<Record<string, string>> = {
  title: 'title',
  'one line': 'oneLine',
  'one-line': 'oneLine',
  oneline: 'oneLine',
  abstract: 'abstract',
  summary: 'abstract',
  points: 'points',
  'key points': 'points',
  chapters: 'chapters',
  people: 'people',
  organisations: 'organisations',
  organizations: 'organisations',
  quotes: 'quotes',
  keywords: 'keywords',
};

const HEADING = /^[\s#>*_-]*([\p{L}][\p{L} -]{2,20}?)[\s*_]*:[\s*_]*(.*)$/u;
const BULLET = /^\s*(?:[-*•]|\d+[.)])\s+/;

/**
 * Reads an answer in plain text under headings. Text without any heading is all abstract.
 * @returns The fields as a loose object, to be read like loose JSON.
 */
export function readTextAnswer(text: string): Record<string, unknown> {
  const fields: Record<string, string[]> = { abstract: [] };
  let current = 'abstract';
  for (const line of text.split('\n')) {
    const [, heading = '', rest = ''] = HEADING.exec(line) ?? [];
    const field = HEADINGS[heading.toLowerCase().trim()];
    if (field !== undefined) {
      current = field;
      fields[current] ??= [];
    }
    const content = (field === undefined ? line : rest).replace(BULLET, '').trim();
    if (content !== '') fields[current]!.push(content);
  }
  return {
    ...Object.fromEntries(['title', 'oneLine', 'abstract'].map((name) => [name, (fields[name] ?? []).join(' ')])),
    ...Object.fromEntries(['points', 'chapters', 'quotes'].map((name) => [name, fields[name] ?? []])),
    ...Object.fromEntries(
      ['people', 'organisations', 'keywords'].map((name) => [
        name,
        (fields[name] ?? []).flatMap((line) => line.split(/[;,、]/)).map((part) => part.trim()),
      ]),
    ),
  };
}
