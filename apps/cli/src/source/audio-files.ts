import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { UsageError } from '../usage-error.ts';

/** Files of a folder that are taken; anything else can be named by itself. */
export const AUDIO_FILE = /\.(mp3|m4a|m4b|aac|ogg|oga|opus|wav|flac|wma|mp4|m4v|mov|mkv|webm)$/i;

export interface AudioFile {
  path: string;
  /** Its name, with the folders between where a folder was named. */
  title: string;
}

/** The file a path names, or each audio file in its folder and in those below, in order. @throws UsageError where there is none. */
export async function audioFiles(path: string): Promise<AudioFile[]> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) return filesOf(path);
  if (!info?.isFile()) throw new UsageError(`"${path}" is neither an http(s) URL nor a file or folder that exists.`);
  if (info.size === 0) throw new UsageError(`"${path}" is empty.`);
  return [{ path, title: basename(path) }];
}

async function filesOf(folder: string): Promise<AudioFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && AUDIO_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted((a, b) => a.localeCompare(b));
  const files: AudioFile[] = [];
  // Half a recording that is still being copied must not hide the others.
  for (const path of paths) if ((await stat(path)).size > 0) files.push({ path, title: relative(folder, path) });
  if (files.length === 0) throw new UsageError(`The folder "${folder}" has no audio file.`);
  return files;
}
