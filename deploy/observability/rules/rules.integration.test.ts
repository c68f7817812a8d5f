import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { ruleFile } from '../generated-files.ts';
import { CASES, type RuleCase, seriesOf } from './rule-cases.ts';
import { isAlert } from './rule.ts';
import { ruleGroups } from './rules.ts';

/** Comes with Debian's package `prometheus`; `npm test` installs it where it may. */
const hasPromtool = !(await execa('promtool', ['--version'], { reject: false })).failed;
const withPromtool = hasPromtool ? test : test.skip;

let folder: string;
let rules: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-rules-'));
  rules = join(folder, 'podline.yaml');
  await writeFile(rules, ruleFile(ruleGroups()));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** At each moment, exactly these alerts fire. */
function promtoolTest({ name, series, moments }: RuleCase) {
  return {
    name,
    interval: '1m',
    input_series: Object.entries(seriesOf(series)).map(([one, values]) => ({ series: one, values })),
    promql_expr_test: Object.entries(moments).map(([at, firing]) => ({
      expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
      eval_time: at,
      exp_samples: firing.map(([alertname, count]) => ({ labels: `{alertname="${alertname}"}`, value: count })),
    })),
  };
}

describe('the rules', () => {
  withPromtool('are what Prometheus takes', async () => {
    const { stdout } = await execa('promtool', ['check', 'rules', rules]);
    expect(stdout).toContain('SUCCESS');
  });

  // At production's pace of a minute it would take a minute.
  withPromtool(
    'fire when they should, and only then',
    async () => {
      const file = join(folder, 'tests.yaml');
      const tests = CASES.map(promtoolTest);
      await writeFile(file, stringify({ rule_files: [rules], evaluation_interval: '5m', tests }, { lineWidth: 0 }));
      const { all, exitCode } = await execa('promtool', ['test', 'rules', file], { reject: false, all: true });
      expect({ exitCode, all }).toEqual({ exitCode: 0, all: expect.stringContaining('SUCCESS') });
    },
    120_000,
  );

  test('are each seen firing by a case, and each quiet in a healthy cluster', () => {
    const alerts = ruleGroups().flatMap(({ rules: all }) => all.filter(isAlert).map(({ alert }) => alert));
    const seen = new Set(
      CASES.flatMap(({ moments }) => Object.values(moments).flatMap((firing) => firing)).map(([name]) => name),
    );
    expect(alerts.filter((name) => !seen.has(name))).toEqual([]);
    expect(CASES[0]).toMatchObject({ series: {} });
    expect(Object.values(CASES[0]?.moments ?? {}).flat()).toEqual([]);
  });
});
