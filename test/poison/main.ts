import { parseArgs } from 'node:util';
import { MINUTE } from '#shared/config/defaults';
import { runPoison } from './run-poison.ts';

/** `node dist/test/poison/main.js --messages 1000 --files 200 [--seed 1]`: the long form of the poison test. */
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000' },
    files: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
  },
});

const started = performance.now();
const report = await runPoison({
  messages: Number(values.messages),
  files: Number(values.files),
  seed: Number(values.seed),
  settleMs: 20 * MINUTE,
  say: (line) => console.log(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${line}`),
});
console.log(JSON.stringify(report, undefined, 2));
const wrong = report.crashed.length + report.unsettled.length + report.misjudged.length;
process.exit(wrong === 0 ? 0 : 1);
