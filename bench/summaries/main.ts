/**
 * Time, memory and limiter figures of a made-up 3-hour transcript through every provider, each in a process of its own,
 * over a real nats-server where the limiter takes part. The models are a test server that takes 2 s for each answer and
 * enforces its limits by a strict sliding window.
 *
 *     npm run bench:summaries                             # all scenarios, about 5 minutes
 *     npm run bench:summaries -- --scenario 'extractive'  # those whose group matches this regular expression
 *     npm run bench:summaries -- --json results.json
 *
 * Ends with 1 where the server refused a request for its limits.
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { runScenario, type ScenarioResult } from './run-scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { markdownTables } from './table.ts';

/** What an answer takes, in milliseconds. */
const LATENCY_MS = 2000;

const { values } = parseArgs({ options: { scenario: { type: 'string' }, json: { type: 'string' } } });
const results: ScenarioResult[] = [];
for (const scenario of SCENARIOS.filter(({ group }) => new RegExp(values.scenario ?? '').test(group))) {
  const result = await runScenario(scenario, LATENCY_MS);
  const times = result.runs.map(({ seconds }) => `${seconds.toFixed(2)} s`).join(', ');
  console.log(`${scenario.group}, ${scenario.name}: ${times}`);
  results.push(result);
}

const at = new Date().toISOString();
console.log(
  `\n3 hours of talk, ${LATENCY_MS / 1000} s an answer; ${cpus().length} cores, Node ${process.version}, ${at.slice(0, 10)}\n`,
);
console.log(markdownTables(results));
if (values.json) {
  const report = { at, cores: cpus().length, latencyMs: LATENCY_MS, results };
  await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
}
const refused = results.filter(({ api }) => (api?.refused ?? 0) > 0);
if (refused.length > 0) {
  console.error(`The limits did not hold: ${refused.map(({ group, name }) => `${group}, ${name}`).join('; ')}`);
  process.exitCode = 1;
}
