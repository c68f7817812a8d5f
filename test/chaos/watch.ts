import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ruleFile } from '../../deploy/observability/generated-files.ts';
import { DEFAULT_RULE_SETTINGS } from '../../deploy/observability/rules/rule-settings.ts';
import { ruleGroups } from '../../deploy/observability/rules/rules.ts';
import { PANEL_QUERIES } from '../support/panel-queries.ts';
import { hasPrometheus, type Prometheus, startPrometheus } from '../support/prometheus.ts';
import type { Fleet } from './fleet.ts';

const INTERVAL_SECONDS = 5;
const LOOK_MS = 1000;

/** A real Prometheus with the rules that are shipped, at their own pace, beside a fleet whose replicas come and go. */
export class Watch {
  readonly #prometheus: Prometheus;
  readonly #targetsFile: string;
  readonly #fleet: Fleet;
  readonly #looking: Promise<void>;
  #closed = false;
  #since = Date.now();
  #written = '';
  readonly #found = new Map<string, number>();

  private constructor(prometheus: Prometheus, targetsFile: string, fleet: Fleet) {
    this.#prometheus = prometheus;
    this.#targetsFile = targetsFile;
    this.#fleet = fleet;
    this.#looking = this.#keepLooking();
  }

  /** @returns undefined where Prometheus is not installed. */
  static async open(fleet: Fleet, folder: string): Promise<Watch | undefined> {
    if (!(await hasPrometheus())) return undefined;
    const targetsFile = join(folder, 'targets.json');
    await writeFile(targetsFile, '[]');
    const rules = ruleFile(ruleGroups(DEFAULT_RULE_SETTINGS));
    const prometheus = await startPrometheus({ targetsFile, rules, intervalSeconds: INTERVAL_SECONDS });
    return new Watch(prometheus, targetsFile, fleet);
  }

  /** The alerts that fired since the last call, or the start, in alphabetical order. */
  async fired(): Promise<string[]> {
    const seconds = Math.ceil((Date.now() - this.#since) / 1000);
    this.#since = Date.now();
    const series = await this.#prometheus.query(
      `count by (alertname) (count_over_time(ALERTS{alertstate="firing"}[${seconds}s]))`,
    );
    return series.map(({ labels }) => labels['alertname'] ?? '').toSorted();
  }

  /** The most series each panel's queries have found at a look, in the dashboards' order. */
  get panels(): readonly { panel: string; series: number }[] {
    return PANEL_QUERIES.map(({ panel, expr }) => ({ panel, series: this.#found.get(expr) ?? 0 }));
  }

  /** Looks at every panel, as somebody would at this moment: a rate needs work in its last minutes. */
  async lookAtPanels(): Promise<void> {
    for (const { expr } of PANEL_QUERIES) {
      const { length } = await this.#prometheus.query(expr);
      this.#found.set(expr, Math.max(length, this.#found.get(expr) ?? 0));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#looking;
    await this.#prometheus.stop();
  }

  async #keepLooking(): Promise<void> {
    while (!this.#closed) {
      await this.#look();
      await delay(LOOK_MS);
    }
  }

  async #look(): Promise<void> {
    const targets = this.#fleet.urls.map((url) => new URL(url).host);
    const text = JSON.stringify([{ targets }]);
    if (text === this.#written) return;
    this.#written = text;
    await writeFile(`${this.#targetsFile}.new`, text);
    await rename(`${this.#targetsFile}.new`, this.#targetsFile);
  }
}
