import type { Summary } from '#shared/contracts/summary';
import { languageName } from '#shared/transcription/language';

/** A summary as a page to read. Headings are in English, the rest in the episode's language. */
export function renderMarkdown(summary: Summary): string {
  const { title, oneLine, abstract, keyPoints, chapters, quotes } = summary;
  const at = (seconds: number): string => `\`${clock(seconds)}\``;
  const blocks = [
    `# ${plain(title ?? oneLine)}`,
    ...(title === undefined ? [] : [`**${plain(oneLine)}**`]),
    plain(abstract),
    ...section(
      'Key points',
      keyPoints.map(({ text, start }) => `- ${at(start)} ${plain(text)}`),
    ),
    ...section(
      'Chapters',
      chapters.map(({ title, start }) => `- ${at(start)} ${plain(title)}`),
    ),
    ...section(
      'Quotes',
      quotes.map(({ text, start }) => `> ${plain(text)} (${at(start)})`),
      '\n>\n',
    ),
    ...section('People', list(summary.people)),
    ...section('Organisations', list(summary.organisations)),
    ...section('Keywords', list(summary.keywords)),
    `---\n\n${origin(summary)}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function section(heading: string, lines: readonly string[], separator = '\n'): string[] {
  return lines.length === 0 ? [] : [`## ${heading}`, lines.join(separator)];
}

const list = (items: readonly string[]): string[] => (items.length === 0 ? [] : [items.map(plain).join(', ')]);

/** Who wrote it, and who was asked before. */
function origin({ provider, model, language, steps, figures, dollars }: Summary): string {
  const by = model === undefined ? provider : `${provider} (${plain(model)})`;
  const failed = steps
    .filter((step) => step.outcome === 'failed')
    .map((step) => `${step.provider}: ${step.reason ?? 'failed'}`);
  const parts = figures.parts > 1 ? ` in ${figures.parts} parts` : '';
  const cost = dollars === undefined ? '' : ` for $${dollars.toFixed(4)}`;
  const instead = failed.length === 0 ? '' : ` Asked before: ${failed.join(', ')}.`;
  return `Summarized by ${by}${parts}${cost}. Language: ${languageName(language)}.${instead}`;
}

/** `1:02:03`, or `2:03` within the first hour. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Other people's words must not become links, pictures, HTML or headings of the page. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>#|~]/g, (character) => `\\${character}`)
    .replace(/^(\d+)([.)])(?=\s)/, '$1\\$2')
    .replace(/^([-+=])/, '\\$1')
    .replace(/\bhttps?:\/\//gi, (scheme) => scheme.replace(':', '\\:'));
}
