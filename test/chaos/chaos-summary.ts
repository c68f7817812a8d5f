import { percentile } from '../../bench/suite/statistics.ts';
import type { ChaosReport } from './run-chaos.ts';

/** What breaks a promise, in words; empty when every one was kept. */
export function brokenPromises(report: ChaosReport): string[] {
  const { verdict, doubled, rolling, deadLetters, crashes } = report;
  const broken = (what: string, found: readonly string[]): string[] =>
    found.length === 0 ? [] : [`${found.length} ${what}: ${found.slice(0, 20).join('; ')}`];
  return [
    ...broken('episodes lost', verdict.lost),
    ...broken('episodes incomplete', verdict.incomplete),
    ...broken('results or events accepted twice', doubled),
    ...broken('dead letters', deadLetters),
    ...broken('replicas ended by themselves', crashes),
    ...broken('alerts that fired without a reason, or did not', wrongAlerts(report)),
    ...broken('jobs redelivered by time-out over rolling restarts', rolling.timedOut),
  ];
}

/** Engines are killed in the storm, and the alert looks back for a quarter of an hour. */
const ENGINES_DIE = 'PodlineEngineCrashLooping';
/** `PodlineNatsDown` fires after a minute; Prometheus scrapes and looks every 5 s. */
const NATS_DOWN_SECONDS = 90;

/** Alerts that should not have fired, and with a sign before it, the one that should have. */
function wrongAlerts({ alerts, options }: ChaosReport): string[] {
  if (!alerts) return [];
  const { storm, away, rolling } = alerts;
  const missed = options.awaySeconds >= NATS_DOWN_SECONDS && !away.includes('PodlineNatsDown');
  return [
    ...[...storm, ...rolling].filter((name) => name !== ENGINES_DIE),
    ...away.filter((name) => name !== ENGINES_DIE && name !== 'PodlineNatsDown'),
    ...(missed ? ['!PodlineNatsDown'] : []),
  ];
}

/** The figures of a run, a line each. */
export function summaryLines(report: ChaosReport): string[] {
  const { storm, rolling, away, engine, api, alerts, panels, verdict, options } = report;
  const transcribers = storm.kills.filter(({ name }) => name === 'transcriber-whisper').length;
  const engines = storm.kills.filter(({ name }) => name === 'engine').length;
  const apiKills = storm.kills.filter(({ name }) => name === 'transcriber-openai').length;
  const repeated = engine.calls - engine.chunks;
  const seconds = (ms = Number.NaN): string => (Number.isNaN(ms) ? '-' : `${(ms / 1000).toFixed(1)} s`);
  const recovered = (ms: readonly number[]): string =>
    `p50 ${seconds(percentile(ms, 0.5))}, p99 ${seconds(percentile(ms, 0.99))} of ${ms.length}`;
  return [
    `seed ${options.seed}; ${options.episodes} + ${options.rollingEpisodes} episodes, ${verdict.chunks} chunks`,
    `SIGKILLs: ${storm.kills.length} in ${storm.seconds.toFixed(0)} s, ${storm.kills.length - engines} of replicas (${transcribers} of transcribers), ${engines} of their engines; and ${storm.natsKills} of NATS`,
    `episodes finished in the storm: ${storm.finished} of ${options.episodes}`,
    `lost: ${verdict.lost.length}; incomplete: ${verdict.incomplete.length}; accepted twice: ${report.doubled.length} of ${report.results} results and ${report.events} events`,
    `dead letters: ${report.deadLetters.length}; replicas ended by themselves: ${report.crashes.length}`,
    `chunks heard by the fake engine: ${engine.chunks}; calls repeated: ${repeated} (${(repeated / Math.max(1, transcribers + engines)).toFixed(2)} a killed transcriber or engine)`,
    `calls of the API: ${api.calls} for ${api.chunks} chunks, ${apiKills} of its transcribers killed`,
    `from a transcriber's kill to its chunk's next start: ${recovered(engine.recoveriesMs)} (ack_wait 3 s); from an engine's, whose chunk rests first: ${recovered(engine.engineRecoveriesMs)}`,
    `most deliveries of a job: ${storm.deliveriesAtMost}; redeliveries by time-out in the storm: ${storm.timeouts}; given back: ${storm.givenBack}`,
    ...(away
      ? [`NATS away for ${away.seconds} s: the next episode finished ${seconds(away.recoveredMs)} after its return`]
      : []),
    `rolling: ${rolling.restarts} SIGTERMs over ${rolling.jobs} jobs; redeliveries by time-out: ${rolling.timeouts}; given back: ${rolling.givenBack}`,
    ...(alerts
      ? [
          `alerts fired: ${words(alerts.storm)} in the storm, ${words(alerts.away)} without NATS, ${words(alerts.rolling)} in the rolling restarts`,
          `panel queries with an answer: ${panels.filter(({ series }) => series > 0).length} of ${panels.length}; without: ${words(panels.filter(({ series }) => series === 0).map(({ panel }) => panel))}`,
        ]
      : []),
  ];
}

const words = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
