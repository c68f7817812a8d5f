import { execa } from 'execa';
import { CORPUS_BASE, type CorpusFeed } from '../../test/support/feed-corpus/corpus-feed.ts';
import { FEED_CORPUS, largeFeed } from '../../test/support/feed-corpus/feed-corpus.ts';
import { type FeedReader, READERS } from './readers.ts';

/**
 * Reads the corpus of feeds with podline and with rss-parser, and prints what came of each; then a feed of 10,000 items with
 * each in a process of its own, for its time and memory. Ends with 1 when podline does not read a feed as expected.
 */

const LARGE = 10_000;
/** As much as a feed may take before it counts as a crash, in milliseconds. */
const PATIENCE_MS = 60_000;

type Verdict = 'as expected' | 'clear error' | 'other episodes' | 'refused' | 'taken for a feed' | 'crashed';
const VERDICTS: readonly Verdict[] = [
  'as expected',
  'clear error',
  'other episodes',
  'refused',
  'taken for a feed',
  'crashed',
];

const large = process.argv[2] === '--large' ? READERS.find(({ name }) => name === process.argv[3]) : undefined;
process.exitCode = large ? await measureLarge(large) : await compare();

async function compare(): Promise<number> {
  const tables = new Map<string, Map<Verdict, string[]>>();
  for (const reader of READERS) {
    const table = new Map<Verdict, string[]>(VERDICTS.map((verdict) => [verdict, []]));
    for (const feed of FEED_CORPUS) table.get(await judge(reader, feed))?.push(feed.name);
    tables.set(reader.name, table);
  }
  console.log(`${FEED_CORPUS.length} feeds${READERS.map(({ name }) => name.padStart(14)).join('')}`);
  for (const verdict of VERDICTS) {
    const cells = READERS.map(({ name }) => String(tables.get(name)?.get(verdict)?.length ?? 0).padStart(14));
    console.log(`${verdict.padEnd(9 + String(FEED_CORPUS.length).length)}${cells.join('')}`);
  }
  for (const [name, table] of tables) {
    for (const verdict of VERDICTS.slice(2)) {
      for (const feed of table.get(verdict) ?? []) console.log(`  ${name}, ${verdict}: ${feed}`);
    }
  }
  console.log(`\n${LARGE} items       seconds   most memory`);
  for (const { name } of READERS) {
    const { stdout } = await execa(process.execPath, [process.argv[1] ?? '', '--large', name]);
    const { seconds, bytes } = JSON.parse(stdout) as { seconds: number; bytes: number };
    console.log(`  ${name.padEnd(16)}${seconds.toFixed(1).padStart(7)}${`${Math.round(bytes / 1e6)} MB`.padStart(14)}`);
  }
  const own = tables.get('podline');
  return VERDICTS.slice(2).some((verdict) => (own?.get(verdict)?.length ?? 0) > 0) ? 1 : 0;
}

async function judge(reader: FeedReader, feed: CorpusFeed): Promise<Verdict> {
  const { expected } = feed;
  try {
    const timeout = AbortSignal.timeout(PATIENCE_MS);
    const outcome = await reader.read(feed, CORPUS_BASE);
    if (timeout.aborted) return 'crashed';
    if ('refused' in expected) return outcome.episodes > 0 ? 'taken for a feed' : 'other episodes';
    const { title, url } = expected.first ?? {};
    const same =
      outcome.episodes === expected.items &&
      (title === undefined || outcome.title === title) &&
      (url === undefined || outcome.url === url);
    return same ? 'as expected' : 'other episodes';
  } catch (error) {
    if (!(error instanceof Error) || /maximum call stack|heap/i.test(error.message)) return 'crashed';
    return 'refused' in expected ? 'clear error' : 'refused';
  }
}

async function measureLarge(reader: FeedReader): Promise<number> {
  const feed = largeFeed(LARGE);
  const started = performance.now();
  const { episodes } = await reader.read(feed, CORPUS_BASE);
  const seconds = (performance.now() - started) / 1000;
  if (episodes !== LARGE) throw new Error(`${reader.name} found ${episodes} episodes of ${LARGE}.`);
  console.log(JSON.stringify({ seconds, bytes: process.resourceUsage().maxRSS * 1024 }));
  return 0;
}
