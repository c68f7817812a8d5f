import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';

/** Panels under a heading. */
export interface Section {
  title: string;
  panels: readonly Builder<dashboard.Panel>[];
}

export interface PageOptions {
  /** Part of the address, and the file's name. */
  uid: string;
  title: string;
  description: string;
  sections: readonly Section[];
}

/** A dashboard with its data source, the choice of a namespace, and links to the other three. */
export function page(options: PageOptions): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(options.title)
    .uid(options.uid)
    .description(options.description)
    .tags(['podline'])
    .refresh('30s')
    .time({ from: 'now-6h', to: 'now' })
    .timezone('browser')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .link(
      new dashboard.DashboardLinkBuilder('podline')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['podline'])
        .includeVars(true)
        .keepTime(true),
    )
    .withVariable(new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(
      new dashboard.QueryVariableBuilder('namespace')
        .label('Namespace')
        .datasource({ type: 'prometheus', uid: '${datasource}' })
        .query('label_values(podline_build_info, namespace)')
        .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
        .current({ text: 'All', value: '$__all' })
        .includeAll(true)
        .allValue('.*'),
    );
  for (const { title, panels } of options.sections) {
    builder.withRow(new dashboard.RowBuilder(title));
    for (const panel of panels) builder.withPanel(panel);
  }
  return builder.build();
}
