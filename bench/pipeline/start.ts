import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { SERVICES } from '../../apps/cli/src/stack/local-stack.ts';
import { startWhisperServer } from '../../test/support/whisper-server.ts';
import { startServiceStack } from '../../test/support/service-stack.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';

/** From the command to the word that it is ready. */
export const start: Bench = { name: 'start', title: 'Time to be ready', run: measure };

async function measure(repetitions: number): Promise<BenchResult> {
  const times = new Map<string, number[]>();
  const note = (name: string, seconds: number): void => void times.set(name, [...(times.get(name) ?? []), seconds]);
  for (let round = 0; round < repetitions; round++) {
    const stack = await startServiceStack({}, []);
    try {
      for (const name of SERVICES) {
        const started = performance.now();
        await stack.start(name);
        note(name, (performance.now() - started) / 1000);
      }
      const log = await readFile(join(stack.logs, 'transcriber-whisper.log'), 'utf8');
      if (!log.includes('Whisper engine ready')) throw new Error('The transcriber loaded no model.');
    } finally {
      await stack.stop();
    }
    const started = performance.now();
    await (await startWhisperServer()).stop();
    note('whisper-server with tiny.en-q8_0', (performance.now() - started) / 1000);
  }
  return {
    head: ['what', 'seconds'],
    rows: [...times].map(([name, values]) => [name, values.map((value) => value.toFixed(2)).join(', ')]),
    ratios: [...times].map(([name, values]) => ({
      what: `${name}, s`,
      values,
      aim: { atMost: name.startsWith('whisper-server') ? 1 : 2 },
    })),
    notes: ['One after another, on a NATS that has nothing yet: the first one makes the streams.'],
  };
}
