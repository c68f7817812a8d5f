import type { Chapter } from '#shared/contracts/summary';
import type { Transcript } from '#shared/contracts/transcript';
import { languageName, UNDETERMINED } from '../language.ts';
import { clockTime } from './clock.ts';
import { markdownText } from './markdown-text.ts';
import { momentUrl } from './moment-url.ts';
import { paragraphsOf } from './paragraphs.ts';

type Told = Pick<
  Transcript,
  'episodeId' | 'title' | 'url' | 'language' | 'seconds' | 'providers' | 'models' | 'segments'
>;

/**
 * The transcript as Markdown: a heading for each chapter, and paragraphs with the time they begin at, which is a link into
 * the audio where that has a public address.
 * @param chapters the summary's, in order of time; without any it is one text.
 */
export function toMarkdown(transcript: Told, chapters: readonly Chapter[] = []): string {
  const { title, episodeId, url, segments } = transcript;
  const starts = chapters.map(({ start }) => start);
  const paragraphs = paragraphsOf(segments, starts);
  const between = (from: number, to: number): string[] =>
    paragraphs
      .filter(({ start }) => start >= from && start < to)
      .map(({ start, text }) => `${timeAt(url, start)} ${markdownText(text)}`);
  const blocks = [
    `# ${markdownText(title ?? episodeId)}`,
    aboutLine(transcript),
    ...between(-Infinity, starts[0] ?? Infinity),
    ...chapters.flatMap(({ title, start }, index) => [
      `## ${markdownText(title)}`,
      ...between(start, starts[index + 1] ?? Infinity),
    ]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function aboutLine({ seconds, language, providers, models }: Told): string {
  const spoken = language === UNDETERMINED ? [] : [languageName(language)];
  const by = providers.includes('publisher') ? 'the publisher’s transcript' : `transcribed by ${models.join(', ')}`;
  return markdownText([clockTime(seconds), ...spoken, by].join(' · '));
}

function timeAt(url: string | undefined, seconds: number): string {
  const link = momentUrl(url, seconds);
  return link === undefined ? clockTime(seconds) : `[${clockTime(seconds)}](<${link}>)`;
}
