import { join } from 'node:path';
import { execa } from 'execa';
import { findPaths } from '../../apps/cli/src/paths.ts';

/** Length of the sample episode, in seconds. */
const SAMPLE_SECONDS = 449;

/** The sample episode, several times in a row, as an MP3 of at least this length. @returns its path. */
export async function speechEpisode(folder: string, minutes: number): Promise<string> {
  const path = join(folder, `speech-${minutes}.mp3`);
  const loops = Math.ceil((minutes * 60) / SAMPLE_SECONDS) - 1;
  const sample = join(findPaths().examples, 'sample-episode.mp3');
  await execa('ffmpeg', ['-v', 'error', '-stream_loop', String(loops), '-i', sample, '-c', 'copy', '-y', path]);
  return path;
}
