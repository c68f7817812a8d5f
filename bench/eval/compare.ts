import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { wordErrorRate, type Difference } from './word-error-rate.ts';

const USAGE = `node bench/eval/compare.ts <reference.txt> <transcript.txt> [--at-most <percent>] [--json]

Prints the word error rate of a transcript against what was really said, and where they differ.
With --at-most it exits with 1 when the rate is higher than that.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'at-most': { type: 'string', default: 'Infinity' }, json: { type: 'boolean', default: false } },
});
const [referenceFile, transcriptFile] = positionals;
const limit = Number(values['at-most']);
if (referenceFile === undefined || transcriptFile === undefined || positionals.length > 2 || Number.isNaN(limit)) {
  console.error(USAGE);
  process.exit(2);
}
const result = wordErrorRate(await readFile(referenceFile, 'utf8'), await readFile(transcriptFile, 'utf8'));
if (values.json) {
  console.log(JSON.stringify(result, undefined, 2));
} else {
  const { rate, substitutions, deletions, insertions, words, differences } = result;
  for (const difference of differences) console.log(asLine(difference));
  console.log(
    `word error rate ${(rate * 100).toFixed(2)} %: ${substitutions} substituted, ${deletions} missing, ${insertions} added of ${words} words`,
  );
}
if (result.rate * 100 > limit) process.exitCode = 1;

function asLine({ at, before, reference, hypothesis, after }: Difference): string {
  return `word ${at + 1}: … ${before} [${reference || 'nothing'} → ${hypothesis || 'nothing'}] ${after} …`;
}
