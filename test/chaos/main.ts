import { chaosOptions } from './chaos-options.ts';
import { brokenPromises, summaryLines } from './chaos-summary.ts';
import { runChaos } from './run-chaos.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const report = await runChaos(chaosOptions(process.argv.slice(2)), say);
for (const line of summaryLines(report)) say(line);
const broken = brokenPromises(report);
for (const line of broken) say(`BROKEN: ${line}`);
process.exit(broken.length === 0 ? 0 : 1);
