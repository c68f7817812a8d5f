import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { freePort } from '../../test/support/free-port.ts';
import { embeddedModel, whisperServerBinary } from '../../test/support/whisper-server.ts';
import { until } from '../../test/support/until.ts';
import { wordErrorRate } from '../eval/word-error-rate.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';
import { withFolder } from './with-folder.ts';

/** Clock ticks a second in /proc/<pid>/stat: always 100 on Linux (proc(5), sysconf(_SC_CLK_TCK)). */
const TICKS = 100;

interface Setting {
  what: string;
  args: readonly string[];
  /** whisper.cpp without podline's changes. */
  plain?: boolean;
}

/** What is tried, beside podline's own engine and settings (the first). */
const SETTINGS: readonly Setting[] = [
  { what: 'as podline runs it', args: ['-t', '1', '-nlp', '-sow'] },
  { what: 'whisper.cpp as it comes', args: ['-t', '1', '-nlp', '-sow'], plain: true },
  { what: 'two threads', args: ['-t', '2', '-nlp', '-sow'] },
  { what: 'without flash attention', args: ['-t', '1', '-nlp', '-sow', '-nfa'] },
  { what: 'without word times', args: ['-t', '1', '-nlp', '-nt'] },
  { what: 'beam of 5', args: ['-t', '1', '-nlp', '-sow', '-bs', '5'] },
  { what: 'audio context of 768', args: ['-t', '1', '-nlp', '-sow', '-ac', '768'] },
];

/** Processor time of the engine for an hour of speech, by its settings, with the errors they make. */
export const engine: Bench = {
  name: 'engine',
  title: 'whisper-server, tiny.en-q8_0: CPU seconds an hour of speech',
  run: (repetitions) => withFolder((folder) => compare(folder, repetitions)),
};

interface Measured {
  cpuSeconds: number;
  wallSeconds: number;
  errorRate: number;
}

async function compare(folder: string, repetitions: number): Promise<BenchResult> {
  const { examples, root } = findPaths();
  const audio = join(folder, 'sample.flac');
  await execa('ffmpeg', ['-v', 'error', '-i', join(examples, 'sample-episode.mp3'), '-ac', '1', '-ar', '16000', audio]);
  const probe = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', audio];
  const seconds = Number((await execa('ffprobe', probe)).stdout);
  const flac = await readFile(audio);
  const reference = await readFile(join(examples, 'reference.txt'), 'utf8');
  const compile = join(root, 'scripts/plain-engine.mjs');
  const plainBinary = (await execa(process.execPath, [compile, folder])).stdout;
  const runs: Measured[][] = SETTINGS.map(() => []);
  for (let round = 0; round < repetitions; round++) {
    for (const [at, setting] of SETTINGS.entries()) {
      const binary = setting.plain === true ? plainBinary : whisperServerBinary();
      runs[at]?.push(await transcribe(binary, flac, reference, setting.args));
    }
  }
  const perHour = (one: Measured): number => (one.cpuSeconds * 3600) / seconds;
  return {
    head: ['settings', 'CPU s an hour', 'real time', 'WER, %'],
    rows: SETTINGS.map(({ what }, at) => [
      what,
      (runs[at] ?? []).map((one) => perHour(one).toFixed(0)).join(', '),
      (runs[at] ?? []).map((one) => `${(seconds / one.wallSeconds).toFixed(1)}x`).join(', '),
      (runs[at] ?? []).map((one) => (100 * one.errorRate).toFixed(2)).join(', '),
    ]),
    ratios: SETTINGS.slice(1).map(({ what, plain }, at) => ({
      what: `CPU: as podline runs it / ${what}`,
      values: (runs[at + 1] ?? []).map((one, round) => (runs[0]?.[round]?.cpuSeconds ?? Number.NaN) / one.cpuSeconds),
      ...(plain === true ? { aim: { atMost: 0.6 } } : {}),
    })),
    notes: [`${seconds.toFixed(0)} s of the sample episode in one request; its script is the reference.`],
  };
}

const answerSchema = z.object({ text: z.string() });

async function transcribe(binary: string, flac: Buffer, reference: string, args: readonly string[]): Promise<Measured> {
  const port = await freePort();
  const where = ['--host', '127.0.0.1', '--port', String(port), '-m', embeddedModel()];
  const child = execa(binary, [...args, ...where], {
    buffer: false,
    reject: false,
    stdio: 'ignore',
    env: { OMP_WAIT_POLICY: 'passive' },
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    await until(
      () =>
        fetch(`${url}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
      'the engine',
    );
    const before = await cpuSeconds(child.pid ?? 0);
    const started = performance.now();
    const form = new FormData();
    form.set('file', new File([new Uint8Array(flac)], 'sample.flac'));
    form.set('response_format', 'verbose_json');
    form.set('language', 'en');
    const answer = await fetch(`${url}/inference`, { method: 'POST', body: form });
    const { text } = answerSchema.parse(await answer.json());
    return {
      wallSeconds: (performance.now() - started) / 1000,
      cpuSeconds: (await cpuSeconds(child.pid ?? 0)) - before,
      errorRate: wordErrorRate(reference, text).rate,
    };
  } finally {
    child.kill('SIGKILL');
    await child;
  }
}

/** User and system time of a process with all its threads, in seconds. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // Fields 14 and 15; the name in field 2 may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
