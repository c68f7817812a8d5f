import { mkdtempSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { execa } from 'execa';

/** A folder for the files of one test file; removed behind its last test. */
export function testFolder(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'podline-audio-'));
  afterAll(() => rm(folder, { recursive: true }));
  return (name) => join(folder, name);
}

/** Makes a media file with ffmpeg. */
export async function make(path: string, ...args: string[]): Promise<string> {
  await execa('ffmpeg', ['-hide_banner', '-v', 'error', '-nostdin', ...args, '-y', path]);
  return path;
}

/** Something like speech: bursts of noise of 0.2 s, louder and softer, with a pause of 0.6 s every 3 s. */
export const babble = (seconds: number, rate = 44_100): string[] => [
  ...['-f', 'lavfi', '-i', `anoisesrc=r=${rate}:c=pink:a=0.5:seed=7:d=${seconds}`],
  ...['-af', "volume='if(lt(mod(t,3),2.4),0.3+0.7*lt(mod(t,0.3),0.2),0.0005)':eval=frame"],
];

export const picture = ['-f', 'lavfi', '-i', 'color=blue:s=64x64:r=5'];

/** Process ids of the children of this process with that name, once there are any. */
export async function childrenNamed(name: string): Promise<number[]> {
  for (;;) {
    const found: number[] = [];
    for (const entry of await readdir('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      // "pid (name) state parent ..."
      const status = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
      if (new RegExp(`^\\d+ \\(${name}\\) \\S ${process.pid} `).test(status)) found.push(Number(entry));
    }
    if (found.length > 0) return found;
  }
}
