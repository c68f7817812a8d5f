/**
 * Shows what the whole OpenAI path makes of its limit: real replicas of transcriber-openai, a real nats-server, and an API
 * that enforces its limits by a strict sliding window; beside it one sequential client, as a script would call the API.
 *
 *     npm run bench:openai                                     # 100 episodes of one chunk, 300 a minute, 3 s a call: about 7 minutes
 *     npm run bench:openai -- --scenario "4 replicas"          # those whose name contains this, and the sequential client
 *     npm run bench:openai -- --episodes 600 --scenario "4 replicas"
 *     npm run bench:openai -- --baseline 20                    # of the sequential client's calls; its time is scaled up
 *     npm run bench:openai -- --json results.json
 *
 * Ends with 1 where a window held more than the limit, or more than 0.5 % of the calls failed.
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type OpenaiResult, runReplicas } from './run-replicas.ts';
import { runSequentially } from './run-sequentially.ts';
import { scenariosFor } from './scenarios.ts';
import { openaiTable } from './table.ts';

/** Share of failed calls above which a run counts as failed. */
const MOST_FAILURES = 0.005;

const { values } = parseArgs({
  options: {
    episodes: { type: 'string', default: '100' },
    rpm: { type: 'string', default: '300' },
    latency: { type: 'string', default: '3000' },
    baseline: { type: 'string' },
    scenario: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});
const load = {
  episodes: Number(values.episodes),
  requestsPerMinute: Number(values.rpm),
  latencyMs: Number(values.latency),
};

// It waits nearly all the time, so that it disturbs nobody: it runs beside the others.
const sequential = runSequentially(load, Number(values.baseline ?? load.episodes));
const results: OpenaiResult[] = [];
for (const scenario of scenariosFor(load).filter(({ name }) => name.includes(values.scenario))) {
  const result = await runReplicas(scenario, load);
  results.push(result);
  console.log(`${result.name}: ${result.seconds.toFixed(1)} s`);
}
results.unshift(await sequential);

const { episodes, requestsPerMinute, latencyMs } = load;
console.log(
  `\n${episodes} episodes of one chunk, ${requestsPerMinute} requests a minute allowed, ${latencyMs} ms a call`,
);
console.log(`${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`);
console.log(openaiTable(results));
if (values.json !== undefined) {
  const report = { bench: 'openai', at: new Date().toISOString(), cores: cpus().length, load, results };
  await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
}
const bad = results.filter(({ most, failures, calls }) => most > 1 || failures > MOST_FAILURES * calls);
if (bad.length > 0) {
  console.error(`Over the limit, or failed too often: ${bad.map(({ name }) => name).join(', ')}`);
  process.exitCode = 1;
}
