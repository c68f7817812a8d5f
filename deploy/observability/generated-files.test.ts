import { describe, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { METRICS } from '#shared/observability/catalogue/metrics';
import { stalePage } from '../../test/support/stale-page.ts';
import { DASHBOARDS } from './dashboards/dashboards.ts';
import { CHART, generatedFiles } from './generated-files.ts';
import { isAlert } from './rules/rule.ts';
import { ruleGroups } from './rules/rules.ts';

const ROOT = join(import.meta.dirname, '../..');
const RUNBOOKS = join(ROOT, 'docs/runbooks');
const RULES = ruleGroups().flatMap(({ rules }) => rules);
const ALERTS = RULES.filter(isAlert).map(({ alert }) => alert);

/** Metrics and recorded series that exist. */
const KNOWN = new Set([...Object.keys(METRICS), ...RULES.flatMap((rule) => (isAlert(rule) ? [] : [rule.record]))]);

const namesIn = (text: string): string[] =>
  (text.match(/\bpodline[_:][a-zA-Z0-9_:]+/g) ?? []).filter((name) => !/^podline_(?:client|cli)$/.test(name));

const isKnown = (name: string): boolean => KNOWN.has(name) || KNOWN.has(name.replace(/_(bucket|count|sum)$/, ''));

describe('what is made from this folder', () => {
  test.each(Object.entries(generatedFiles()))('%s is not stale: run `npm run docs`', async (path, text) => {
    expect(await stalePage(join(CHART, path), text)).toBeUndefined();
  });

  test('is all there is of its kind', async () => {
    const stored = await Promise.all(
      ['dashboards', 'rules'].map(async (folder) =>
        (await readdir(join(ROOT, CHART, folder))).map((name) => `${folder}/${name}`),
      ),
    );
    expect(stored.flat().toSorted()).toEqual(Object.keys(generatedFiles()).toSorted());
  });

  test('asks only for metrics there are', () => {
    const asked = new Set(
      [...DASHBOARDS.map((one) => JSON.stringify(one.panels)), JSON.stringify(RULES)].flatMap(namesIn),
    );
    expect([...asked].filter((name) => !isKnown(name))).toEqual([]);
  });

  test('shows every metric podline has: in a panel of dashboards/, or through a rule of rules/', () => {
    const shown = new Set(DASHBOARDS.flatMap((one) => namesIn(JSON.stringify(one.panels))));
    const recorded = new Set(RULES.flatMap((rule) => namesIn(rule.expr)));
    const bare = new Set([...shown, ...recorded].map((name) => name.replace(/_(bucket|count|sum)$/, '')));
    expect(Object.keys(METRICS).filter((name) => !bare.has(name))).toEqual([]);
  });
});

describe('the runbooks', () => {
  test('are one for each alert, and none for anything else', async () => {
    expect((await readdir(RUNBOOKS)).toSorted()).toEqual(
      [...ALERTS.map((name) => `${name}.md`), 'README.md'].toSorted(),
    );
  });

  test.each(ALERTS)('%s says what it means, what it costs, how to look and what to do', async (name) => {
    const page = await readFile(join(RUNBOOKS, `${name}.md`), 'utf8');
    expect(page.split('\n')[0]).toBe(`# ${name}`);
    expect(page.match(/^## .+$/gm)).toEqual(['## Meaning', '## Impact', '## Diagnosis', '## Mitigation']);
    expect(page).toMatch(/^```sh$/m);
  });
});
