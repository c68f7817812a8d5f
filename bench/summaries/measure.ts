/**
 * Time and memory of one provider on a made-up transcript, in a process of its own. Started by `main.ts` with a
 * `Measurement` as JSON; prints one line of JSON per run.
 */
import { longTranscript } from '../eval/summaries/long-transcript.ts';
import { type Measured, measurementSchema } from './measurement.ts';
import { openProvider } from './open-provider.ts';

const measurement = measurementSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const input = longTranscript(measurement.hours);
const { provider, close } = await openProvider(measurement);
const { signal } = new AbortController();
const idle = process.resourceUsage().maxRSS;

for (let run = 0; run < measurement.repeat; run++) {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const { figures } = await provider.summarize(input, { signal });
  const { user, system } = process.cpuUsage(cpu);
  const measured: Measured = {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
    idleMegabytes: (idle * 1024) / 1e6,
    parts: figures.parts,
    calls: figures.calls,
    promptTokens: figures.promptTokens,
    waitSeconds: figures.measured?.waitSeconds ?? 0,
  };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}
await close();
// Sockets kept alive for a next call that will not come.
process.exit(0);
