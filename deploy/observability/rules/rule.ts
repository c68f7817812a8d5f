/** As Prometheus' rule files have them; `PrometheusRule` in Kubernetes has the same groups. */
export interface RecordingRule {
  record: string;
  expr: string;
}

export interface AlertingRule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: 'critical' | 'warning' };
  annotations: {
    /** One line, for a pager. */
    summary: string;
    /** What it means, with figures. */
    description: string;
    /** Page of this repository that says what to do. */
    runbook_url: string;
  };
}

export interface RuleGroup {
  name: string;
  interval?: string;
  rules: (RecordingRule | AlertingRule)[];
}

export const isAlert = (rule: RecordingRule | AlertingRule): rule is AlertingRule => 'alert' in rule;

export interface AlertText {
  severity: AlertingRule['labels']['severity'];
  expr: string;
  for?: string;
  summary: string;
  description: string;
}

export function alert(name: string, text: AlertText): AlertingRule {
  return {
    alert: name,
    expr: text.expr,
    ...(text.for === undefined ? {} : { for: text.for }),
    labels: { severity: text.severity },
    annotations: {
      summary: text.summary,
      description: text.description,
      runbook_url: `docs/runbooks/${name}.md`,
    },
  };
}
