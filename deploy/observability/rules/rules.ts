import { engineAlerts, foundationAlerts, limiterAlerts, workAlerts } from './alerts.ts';
import { burnRateAlerts } from './burn-rate-alerts.ts';
import { recordingRules } from './recording-rules.ts';
import type { RuleGroup } from './rule.ts';
import { DEFAULT_RULE_SETTINGS, type RuleSettings } from './rule-settings.ts';

/** All rules of podline. */
export function ruleGroups(settings: RuleSettings = DEFAULT_RULE_SETTINGS): RuleGroup[] {
  return [
    { name: 'podline.recording', rules: recordingRules(settings) },
    { name: 'podline.work', rules: workAlerts(settings) },
    { name: 'podline.limiter', rules: limiterAlerts(settings) },
    { name: 'podline.engines', rules: engineAlerts(settings) },
    { name: 'podline.foundation', rules: foundationAlerts(settings) },
    { name: 'podline.slo', rules: burnRateAlerts(settings) },
  ];
}
