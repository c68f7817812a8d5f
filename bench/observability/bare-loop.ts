/**
 * What the client alone makes of a queue of jobs that do nothing: `bare-loop NATS_URL JOBS`. As many pulls at once as the
 * no-op stage has slots, one job each, every ack confirmed. Prints the jobs a second.
 */
import { AckPolicy, connect, nanos, type JetStreamClient } from 'nats';
import { jobStream, jobSubject } from '#shared/contracts/subjects';

const SLOTS = 8;
const DURABLE = 'bare';
const STREAM = jobStream('summarize');
const [url = '', jobs = '0'] = process.argv.slice(2);
const connection = await connect({ servers: url });
const { consumers } = await connection.jetstreamManager();
await consumers.add(STREAM, {
  durable_name: DURABLE,
  filter_subject: jobSubject('summarize', 'normal'),
  ack_policy: AckPolicy.Explicit,
  ack_wait: nanos(30_000),
  max_deliver: -1,
  max_ack_pending: 1000,
});
let left = Number(jobs);
const started = performance.now();
await Promise.all(Array.from({ length: SLOTS }, () => empty(connection.jetstream())));
const seconds = (performance.now() - started) / 1000;
await consumers.delete(STREAM, DURABLE);
await connection.close();
process.stdout.write(`${Number(jobs) / seconds}\n`);

async function empty(js: JetStreamClient): Promise<void> {
  while (left > 0) {
    left--;
    const message = await js.pull(STREAM, DURABLE, 0);
    await message.ackAck();
  }
}
