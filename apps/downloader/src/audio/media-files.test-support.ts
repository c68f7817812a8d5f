import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
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

/**
 * Process id of the only child of this process with that name. Synchronous, so that whoever feeds on its output stands
 * still meanwhile, and the child cannot come to its end.
 */
export function childNamed(name: string): number {
  // "pid (name) state parent ..."
  const mine = new RegExp(`^\\d+ \\(${name}\\) \\S ${process.pid} `);
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && mine.test(statusOf(entry)));
  if (pids.length !== 1) throw new Error(`Expected one child named ${name}, found ${pids.length}.`);
  return Number(pids[0]);
}

function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
