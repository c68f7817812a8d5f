import { type Dashboard, DASHBOARDS } from '../../deploy/observability/dashboards/dashboards.ts';

export interface PanelQuery {
  /** Dashboard and title of the panel. */
  panel: string;
  expr: string;
}

/** Every query of every panel, as Grafana would send it. */
export const PANEL_QUERIES: readonly PanelQuery[] = DASHBOARDS.flatMap(queriesOf);

function queriesOf(dashboard: Dashboard): PanelQuery[] {
  return (dashboard.panels ?? []).flatMap((panel) => {
    const { title = '', targets = [] } = panel as { title?: string; targets?: { expr?: string }[] };
    return targets.map(({ expr = '' }) => ({
      panel: `${dashboard.uid}: ${title}`,
      expr: expr.replaceAll('$namespace', '.*').replaceAll('$__rate_interval', '4m'),
    }));
  });
}
