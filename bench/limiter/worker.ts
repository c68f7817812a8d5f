/** One replica of a service that makes rate-limited calls, as a process: see `messages.ts`. */
import { setTimeout as delay } from 'node:timers/promises';
import { getOneMessage, sendMessage } from 'execa';
import { connect } from 'nats';
import { CancelledError, PodlineError } from '#shared/errors';
import type { Log } from '#shared/observability/log';
import { callWithPermit } from '#shared/rate-limit/call-with-permit';
import { limitsSchema } from '#shared/rate-limit/limits';
import { RateLimiter } from '#shared/rate-limit/rate-limiter';
import { TEST_API_KEY } from '../../test/support/openai-server/openai-server.ts';
import { type WorkerReport, workerOptionsSchema } from './messages.ts';

const REPORT_MS = 250;

const options = workerOptionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const trueNow = Date.now;
// A machine whose date is wrong: nothing of the limiter may depend on it.
Date.now = () => trueNow() + options.clockSkewMs;

const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
process.once('disconnect', () => process.exit());

const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silent };
let report = emptyReport();

const connection = await connect({
  servers: options.natsUrls,
  maxReconnectAttempts: -1,
  reconnectTimeWait: 100,
  pingInterval: 2000,
});
const limiter = await RateLimiter.open({
  connection,
  endpoint: options.endpoint,
  limits: limitsSchema.parse(options.limits),
  replicas: options.natsReplicas,
  callMs: options.callMs,
  log: silent,
  monotonic: () => performance.now() + options.clockSkewMs,
  observer: {
    swap: (result) => {
      report.swaps++;
      if (result === 'conflict') report.conflicts++;
    },
    permit: (result) => {
      if (result === 'late') report.late++;
    },
  },
});

// The first use of fetch loads it; no permit should wait for that.
await (
  await fetch(`${options.apiBaseUrl}/models`, { headers: { authorization: `Bearer ${TEST_API_KEY}` } })
).arrayBuffer();
const go = getOneMessage();
await sendMessage({ kind: 'ready' });
await go;
const reporting = setInterval(sendReport, REPORT_MS);
// Every caller wants to make one call a second.
await Promise.all(Array.from({ length: Math.ceil(options.callsPerSecond) }, (_, index) => caller(index)));
clearInterval(reporting);
await limiter.close();
await connection.close();
sendReport();
process.disconnect();

async function caller(index: number): Promise<void> {
  await delay((index / options.callsPerSecond) * 1000, undefined, { signal: stopping.signal }).catch(nothing);
  while (!stopping.signal.aborted) {
    const started = performance.now();
    await call(started).catch((error: unknown) => {
      if (error instanceof CancelledError) return;
      const reason = error instanceof PodlineError ? error.reason : String(error);
      report.statuses[reason] = (report.statuses[reason] ?? 0) + 1;
    });
    await delay(Math.max(0, 1000 - (performance.now() - started)), undefined, { signal: stopping.signal }).catch(
      nothing,
    );
  }
}

async function call(started: number): Promise<void> {
  const tokens = 10 + Math.floor(Math.random() * (options.maxTokens - 9));
  // The prompt below has nine tokens; the rest is what the answer may have.
  await callWithPermit(
    limiter,
    { tokens },
    { signal: stopping.signal, maxWaitMs: 120_000 },
    async ({ signal, heard }) => {
      report.sent.push({ at: trueNow(), waitedMs: performance.now() - started });
      const response = await fetch(`${options.apiBaseUrl}/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${TEST_API_KEY}`,
          'content-type': 'application/json',
          'x-sent-at': String(trueNow()),
        },
        body: JSON.stringify({
          model: 'gpt-4o-mini',
          messages: [{ role: 'user', content: 'Summarize: the boats went out.' }],
          max_completion_tokens: tokens - 9,
        }),
        signal,
      });
      heard(response.status, response.headers);
      report.statuses[response.status] = (report.statuses[response.status] ?? 0) + 1;
      await response.arrayBuffer();
    },
  );
}

function sendReport(): void {
  const ready = report;
  report = emptyReport();
  sendMessage(ready).catch(nothing);
}

function emptyReport(): WorkerReport {
  return { kind: 'report', sent: [], swaps: 0, conflicts: 0, statuses: {}, late: 0 };
}

function nothing(): void {}
