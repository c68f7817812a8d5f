import type { Summary } from '#shared/contracts/summary';
import { clockTime } from '#shared/transcription/formats/clock';
import { markdownText } from '#shared/transcription/formats/markdown-text';
import { languageName } from '#shared/transcription/language';

/** A summary as a page to read. Headings are in English, the rest in the episode's language. */
export function renderMarkdown(summary: Summary): string {
  const { title, oneLine, abstract, keyPoints, chapters, quotes } = summary;
  const at = (seconds: number): string => `\`${clockTime(seconds)}\``;
  const blocks = [
    `# ${markdownText(title ?? oneLine)}`,
    ...(title === undefined ? [] : [`**${markdownText(oneLine)}**`]),
    markdownText(abstract),
    ...section(
      'Key points',
      keyPoints.map(({ text, start }) => `- ${at(start)} ${markdownText(text)}`),
    ),
    ...section(
      'Chapters',
      chapters.map(({ title, start }) => `- ${at(start)} ${markdownText(title)}`),
    ),
    ...section(
      'Quotes',
      quotes.map(({ text, start }) => `> ${markdownText(text)} (${at(start)})`),
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

const list = (items: readonly string[]): string[] => (items.length === 0 ? [] : [items.map(markdownText).join(', ')]);

/** Who wrote it, and who was asked before. */
function origin({ provider, model, language, steps, figures, dollars }: Summary): string {
  const by = model === undefined ? provider : `${provider} (${markdownText(model)})`;
  const failed = steps
    .filter((step) => step.outcome === 'failed')
    .map((step) => `${step.provider}: ${step.reason ?? 'failed'}`);
  const parts = figures.parts > 1 ? ` in ${figures.parts} parts` : '';
  const cost = dollars === undefined ? '' : ` for $${dollars.toFixed(4)}`;
  const instead = failed.length === 0 ? '' : ` Asked before: ${failed.join(', ')}.`;
  return `Summarized by ${by}${parts}${cost}. Language: ${languageName(language)}.${instead}`;
}
