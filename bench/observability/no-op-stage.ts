/**
 * One replica of a stage that does nothing, emptying its queue: `no-op-stage NATS_URL JOBS [metrics] [tracing=ENDPOINT]`.
 * Prints the jobs a second.
 */
import { natsConfigSchema, tracingConfigSchema } from '#shared/config/common';
import { SECOND } from '#shared/config/defaults';
import { connectNats } from '#shared/jetstream/connect';
import { ConnectionMonitor } from '#shared/jetstream/connection-monitor';
import { JobServer } from '#shared/jetstream/job-server';
import { Publisher } from '#shared/jetstream/publish';
import { traceHeaders } from '#shared/jetstream/trace-headers';
import { createLog } from '#shared/observability/log';
import { createRegistry, jobMetrics } from '#shared/observability/metrics';
import { startTracing } from '#shared/observability/tracing';

const SLOTS = 8;
const [url = '', jobs = '0', ...sides] = process.argv.slice(2);
const endpoint = sides.find((side) => side.startsWith('tracing='))?.slice('tracing='.length);
const log = createLog({ level: 'warn', pretty: false, service: 'no-op' });
const tracing = await startTracing('no-op', tracingConfigSchema.parse({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }), log);
const connection = await connectNats(natsConfigSchema.parse({ NATS_URL: url }), 'no-op');
let left = Number(jobs);
const done = Promise.withResolvers<void>();
const server = new JobServer({
  queue: 'summarize',
  slots: SLOTS,
  maxAckPending: 1000,
  ceilingMs: 60 * SECOND,
  connection,
  monitor: new ConnectionMonitor(connection),
  publisher: new Publisher(connection.jetstream(), traceHeaders),
  log,
  ackWaitMs: 30 * SECOND,
  graceMs: SECOND,
  idlePollMs: 500,
  maxCrashes: 100,
  policy: { maxDeliveries: 5, baseMs: 1, capMs: 1 },
  onDead: () => Promise.resolve(),
  ...(sides.includes('metrics') ? { observer: jobMetrics(createRegistry('no-op'), 'summarize', SLOTS) } : {}),
  ...(tracing ? { traceOf: () => Promise.resolve(undefined) } : {}),
});
const work = (): Promise<void> => {
  if (--left === 0) done.resolve();
  return Promise.resolve();
};
server.addHandler('summarize', work as never, true);
const started = performance.now();
await server.listen((error) => {
  if (error) throw error;
});
await done.promise;
const seconds = (performance.now() - started) / 1000;
await server.close();
await tracing?.stop();
await connection.close();
process.stdout.write(`${Number(jobs) / seconds}\n`);
process.exit(0);
