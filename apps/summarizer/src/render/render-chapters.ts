import type { Summary } from '#shared/contracts/summary';

/**
 * An episode's chapters for podcast players: Podcasting 2.0 JSON chapters, version 1.2.0
 * (github.com/Podcastindex-org/podcast-namespace, docs/examples/chapters/jsonChapters.md), times in seconds. Serve it as
 * `application/json+chapters`.
 */
export function renderChapters({ title, chapters }: Pick<Summary, 'title' | 'chapters'>): string {
  const document = {
    version: '1.2.0',
    ...(title === undefined ? {} : { title }),
    chapters: chapters.map(({ title, start }) => ({ startTime: start, title })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
