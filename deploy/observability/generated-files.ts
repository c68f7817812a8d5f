import { stringify } from 'yaml';
import { DASHBOARDS } from './dashboards/dashboards.ts';
import type { RuleGroup } from './rules/rule.ts';
import { ruleGroups } from './rules/rules.ts';

/** Folder of the chart that the files lie in, from the root of the repository. */
export const CHART = 'deploy/helm/podline';

const NOTICE = '# Made from deploy/observability/rules/ by `npm run docs`; edit that.\n';

/** A rule file for Prometheus. */
export function ruleFile(groups: readonly RuleGroup[]): string {
  return NOTICE + stringify({ groups }, { lineWidth: 0 });
}

/** What is made from the code of this folder, by path inside the chart; `npm run docs` writes it, a test compares. */
export function generatedFiles(): Record<string, string> {
  return {
    ...Object.fromEntries(
      DASHBOARDS.map((dashboard) => [`dashboards/${dashboard.uid}.json`, `${JSON.stringify(dashboard, null, 2)}\n`]),
    ),
    'rules/podline.yaml': ruleFile(ruleGroups()),
  };
}
