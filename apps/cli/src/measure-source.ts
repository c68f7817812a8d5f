import { execa } from 'execa';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { plainText } from './plain-text.ts';
import { audioFiles } from './source/audio-files.ts';
import type { EpisodeSource } from './source/episode-source.ts';
import { listEpisodes } from './source/resolve-source.ts';
import { UsageError } from './usage-error.ts';

/** An episode that might be submitted, and how long it is. */
export interface MeasuredSource {
  title: string;
  /** Undefined where nothing says it. */
  seconds: number | undefined;
  /** Who says so. */
  by: string;
}

const PROBE_TIMEOUT_MS = 20_000;
/** Episodes looked at together. */
const AT_ONCE = 4;

/**
 * How long the episodes of a source are, without publishing or uploading anything: as the feed says, else as ffprobe
 * finds out from the file's beginning.
 * @param minutes the length of each, where the person knows it.
 */
export async function measureSource(
  source: string,
  latest: number,
  minutes: number | undefined,
): Promise<MeasuredSource[]> {
  const episodes = await listSources(source, latest);
  const measured: MeasuredSource[] = [];
  for (let from = 0; from < episodes.length; from += AT_ONCE) {
    measured.push(...(await Promise.all(episodes.slice(from, from + AT_ONCE).map((one) => measure(one, minutes)))));
  }
  return measured;
}

async function measure({ url, title, seconds }: EpisodeSource, minutes: number | undefined): Promise<MeasuredSource> {
  const name = plainText(title ?? withoutCredentials(url), 80);
  if (minutes !== undefined) return { title: name, seconds: minutes * 60, by: '--minutes' };
  if (seconds !== undefined) return { title: name, seconds, by: 'the feed' };
  return { title: name, seconds: await probe(url), by: 'ffprobe' };
}

async function listSources(source: string, latest: number): Promise<EpisodeSource[]> {
  if (/^https?:\/\//i.test(source)) return listEpisodes(source, latest);
  if (source === '-' || /^s3:/i.test(source))
    throw new UsageError(`--dry-run looks at http(s) URLs, files and folders, not at "${source}".`);
  return (await audioFiles(source)).map(({ path, title }) => ({ url: path, title }));
}

async function probe(url: string): Promise<number | undefined> {
  const remote = /^https?:/i.test(url);
  const input = remote ? ['-protocol_whitelist', 'http,https,tls,tcp', url] : [`file:${url}`];
  const asked = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', ...input];
  const { stdout } = await execa('ffprobe', asked, { reject: false, timeout: PROBE_TIMEOUT_MS, stdin: 'ignore' });
  const seconds = Number.parseFloat(stdout);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}
