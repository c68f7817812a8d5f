import { setTimeout as delay } from 'node:timers/promises';
import { type Usage, usageOf } from './pods.ts';
import type { Release } from './release.ts';

/** The kubelet measures every ten seconds or so. */
const MEASURE_MS = 15_000;
const SAMPLE_MS = 5000;
const MIB = 1024 ** 2;

interface PodSpec {
  items: {
    metadata: { name: string; labels: Record<string, string> };
    spec: { containers: { resources?: { requests?: Record<string, string> } }[] };
  }[];
}

interface Row {
  component: string;
  requestedBytes: number;
  idle?: Usage;
  busiest?: Usage;
}

/** What each pod of a release uses, idle and busiest, against what it asks for. */
export class UsageRecord {
  readonly #release: Release;
  readonly #rows = new Map<string, Row>();

  constructor(release: Release) {
    this.#release = release;
  }

  async measureIdle(): Promise<void> {
    await delay(MEASURE_MS);
    await this.#sample((row, usage) => void (row.idle = usage));
  }

  /** Samples while the work runs, and keeps each pod's highest figures. */
  async whileBusy<T>(work: () => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const sampling = this.#keepSampling(stop.signal);
    try {
      return await work();
    } finally {
      stop.abort();
      await sampling;
    }
  }

  /** Components that held more memory than they ask for, with both figures in MiB. */
  async overRequests(): Promise<string[]> {
    return [...this.#rows.values()]
      .filter(({ busiest, requestedBytes }) => (busiest?.memoryBytes ?? 0) > requestedBytes)
      .map(
        ({ component, busiest, requestedBytes }) =>
          `${component}: ${mib(busiest?.memoryBytes)} of ${mib(requestedBytes)}`,
      );
  }

  /** Markdown. */
  async table(): Promise<string> {
    const lines = [...this.#rows.values()].map(({ component, requestedBytes, idle, busiest }) =>
      [
        component,
        mib(idle?.memoryBytes),
        mib(busiest?.memoryBytes),
        mib(requestedBytes),
        milli(idle),
        milli(busiest),
      ].join(' | '),
    );
    const head = 'pod | memory idle, MiB | busy | requested | CPU idle, millicores | busy';
    return [head, '--- | --- | --- | --- | --- | ---', ...lines].map((line) => `| ${line} |`).join('\n');
  }

  async #keepSampling(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#sample((row, usage) => {
        const { memoryBytes = 0, cpuCores = 0 } = row.busiest ?? {};
        row.busiest = {
          pod: usage.pod,
          memoryBytes: Math.max(memoryBytes, usage.memoryBytes),
          cpuCores: Math.max(cpuCores, usage.cpuCores),
        };
      });
      await delay(SAMPLE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #sample(keep: (row: Row, usage: Usage) => void): Promise<void> {
    const specs = await this.#release.kubectlJson<PodSpec>('get', 'pods');
    for (const usage of await usageOf(this.#release)) {
      const pod = specs.items.find(({ metadata }) => metadata.name === usage.pod);
      if (pod === undefined) continue;
      const row = this.#rows.get(usage.pod) ?? {
        component: pod.metadata.labels['app.kubernetes.io/component'] ?? usage.pod,
        requestedBytes: pod.spec.containers.reduce(
          (sum, { resources }) => sum + bytes(resources?.requests?.['memory']),
          0,
        ),
      };
      keep(row, usage);
      this.#rows.set(usage.pod, row);
    }
  }
}

const UNITS: Record<string, number> = { Ki: 1024, Mi: MIB, Gi: 1024 * MIB };

/** Bytes of a quantity as the chart writes memory. */
function bytes(quantity = '0'): number {
  const [, number, unit = ''] = /^(\d+)(Ki|Mi|Gi)?$/.exec(quantity) ?? [];
  return Number(number) * (UNITS[unit] ?? 1);
}

const mib = (value: number | undefined): string => (value === undefined ? '' : (value / MIB).toFixed(0));
const milli = (usage: Usage | undefined): string => (usage === undefined ? '' : (usage.cpuCores * 1000).toFixed(0));
