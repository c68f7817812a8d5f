import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { boundToParent } from '#shared/process/bound-to-parent';
import { freePort } from './free-port.ts';

/** One series of an answer. */
export interface Sample {
  labels: Record<string, string>;
  value: number;
}

export interface PrometheusOptions {
  /** Origins of what is scraped, `http://127.0.0.1:3000`, by name. */
  targets?: Record<string, string>;
  /** A file of targets that may change (file_sd, JSON). */
  targetsFile?: string;
  /** Text of a rule file. */
  rules: string;
  /** Time between two scrapes, and two looks at the rules; 1 where unset. */
  intervalSeconds?: number;
}

/** A real Prometheus. */
export interface Prometheus {
  query: (expr: string) => Promise<Sample[]>;
  /** Names of the alerts that fire now, in alphabetical order. */
  firing: () => Promise<string[]>;
  stop: () => Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/** Whether Prometheus is installed; Debian's package has it. */
export async function hasPrometheus(): Promise<boolean> {
  return !(await execa('prometheus', ['--version'], { reject: false })).failed;
}

/** @throws Error with the end of its log when it does not come up within a minute. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'podline-prometheus-'));
  const origin = `127.0.0.1:${await freePort()}`;
  const config = { ...scrapeConfig(options), rule_files: [join(folder, 'rules.yaml')] };
  await writeFile(join(folder, 'prometheus.yaml'), stringify(config));
  await writeFile(join(folder, 'rules.yaml'), options.rules);
  const [file, args] = boundToParent('prometheus', [
    `--config.file=${join(folder, 'prometheus.yaml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${origin}`,
  ]);
  const child = execa(file, args, { buffer: false, reject: false, stdin: 'ignore', stdout: 'ignore' });
  let log = '';
  let ended = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-4000);
  });
  void child.finally(() => {
    ended = true;
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await child;
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await isReady(origin))) {
    if (ended || performance.now() > deadline) {
      await stop();
      throw new Error(`prometheus did not come up. The end of its log:\n${log}`);
    }
    await delay(100);
  }
  return {
    query: async (expr) => {
      const url = `http://${origin}/api/v1/query?query=${encodeURIComponent(expr)}`;
      const answer = (await (await fetch(url)).json()) as VectorAnswer;
      if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`);
      return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    firing: async () => {
      const answer = (await (await fetch(`http://${origin}/api/v1/alerts`)).json()) as AlertsAnswer;
      const names = answer.data.alerts
        .filter(({ state }) => state === 'firing')
        .map(({ labels }) => labels['alertname'] ?? '');
      return [...new Set(names)].toSorted();
    },
    stop,
  };
}

function scrapeConfig({ targets = {}, targetsFile, intervalSeconds = 1 }: PrometheusOptions) {
  const interval = `${intervalSeconds}s`;
  return {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    scrape_configs: [
      ...Object.entries(targets).map(([name, url]) => ({
        job_name: name,
        static_configs: [{ targets: [new URL(url).host] }],
      })),
      ...(targetsFile === undefined
        ? []
        : [{ job_name: 'podline', file_sd_configs: [{ files: [targetsFile], refresh_interval: interval }] }]),
    ],
  };
}

interface VectorAnswer {
  status: string;
  error?: string;
  data: { result: { metric: Record<string, string>; value: [number, string] }[] };
}

interface AlertsAnswer {
  data: { alerts: { state: string; labels: Record<string, string> }[] };
}

async function isReady(origin: string): Promise<boolean> {
  try {
    return (await fetch(`http://${origin}/-/ready`)).ok;
  } catch {
    return false;
  }
}
