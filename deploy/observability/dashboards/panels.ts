import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { scoped } from './scoped.ts';

/** Grafana's names of units: seconds, bytes, shares of 1, dollars, plain numbers. */
export type Unit = 's' | 'bytes' | 'Bps' | 'percentunit' | 'currencyUSD' | 'short' | 'ops' | 'none';

export interface Query {
  expr: string;
  /** How a line is called, with labels as `{{queue}}`. */
  legend: string;
}

interface PanelOptions {
  title: string;
  /** What it shows, and what a bad value means; behind the "i" of the panel. */
  description: string;
  unit: Unit;
  queries: readonly Query[];
  /** Columns of 24. */
  width?: number;
}

export interface ChartOptions extends PanelOptions {
  max?: number;
  stacked?: boolean;
}

export interface StatOptions extends PanelOptions {
  /** From which value on it is orange, and red. Descending where small values are bad. */
  warnAt?: number;
  failAt?: number;
}

const DATASOURCE: common.DataSourceRef = { type: 'prometheus', uid: '${datasource}' };
const HEIGHT = 8;
const STAT_HEIGHT = 4;

/** A line for each series over time. */
export function chart(options: ChartOptions): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(DATASOURCE)
    .unit(options.unit)
    .min(0)
    .lineWidth(1)
    .fillOpacity(options.stacked ? 40 : 10)
    .height(HEIGHT)
    .span(options.width ?? 12)
    .legend(new common.VizLegendOptionsBuilder().displayMode(common.LegendDisplayMode.List).showLegend(true))
    .targets(options.queries.map(target));
  if (options.max !== undefined) panel.max(options.max);
  if (options.stacked) panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  return panel;
}

/** The newest value in large figures. */
export function stat(options: StatOptions): StatBuilder {
  return new StatBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(DATASOURCE)
    .unit(options.unit)
    .height(STAT_HEIGHT)
    .span(options.width ?? 4)
    .graphMode(common.BigValueGraphMode.Area)
    .colorMode(common.BigValueColorMode.Value)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(thresholds(options))
    .targets(options.queries.map(target));
}

function target({ expr, legend }: Query, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(String.fromCodePoint('A'.charCodeAt(0) + index))
    .datasource(DATASOURCE)
    .expr(scoped(expr))
    .legendFormat(legend);
}

function thresholds({ warnAt, failAt }: StatOptions): dashboard.ThresholdsConfigBuilder {
  const builder = new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute);
  if (failAt === undefined) return builder.steps([{ value: null, color: 'blue' }]);
  const smallIsBad = warnAt !== undefined && warnAt > failAt;
  const steps = smallIsBad
    ? [
        { value: null, color: 'red' },
        { value: failAt, color: 'orange' },
        { value: warnAt, color: 'green' },
      ]
    : [
        { value: null, color: 'green' },
        ...(warnAt === undefined ? [] : [{ value: warnAt, color: 'orange' }]),
        { value: failAt, color: 'red' },
      ];
  return builder.steps(steps);
}
