/**
 * Measures what the README claims, each figure against its yardstick in the same run.
 *
 *     npm run bench                                  # everything, about half an hour on a machine with nothing else to do
 *     npm run bench -- overhead scaling              # some
 *     npm run bench -- --repetitions 5 --json out.json
 *
 * A missed aim is printed, and ends the run with 0 all the same: timings depend on the machine.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { BENCHES } from './benches.ts';
import type { BenchResult } from './suite/bench.ts';
import { machine, render } from './suite/report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { repetitions: { type: 'string', default: '3' }, json: { type: 'string' } },
});
const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`No bench is called ${unknown.join(', ')}: ${BENCHES.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const here = machine();
console.log(`${here.cpu}, ${here.cores} cores, ${here.memoryGiB} GiB, Node ${here.node}, ${here.at.slice(0, 10)}\n`);
const results: Record<string, BenchResult> = {};
for (const bench of BENCHES) {
  if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
  const result = await bench.run(Number(values.repetitions));
  results[bench.name] = result;
  console.log(`${render(bench, result)}\n`);
}
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ ...here, results }, undefined, 2)}\n`);
}
process.exit(0);
