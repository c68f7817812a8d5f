import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type MetricName, METRICS } from './catalogue/metrics.ts';
import type { MetricSpec } from './catalogue/metric-spec.ts';

type NameOf<Type extends MetricSpec['type']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never;
}[MetricName];

/** The label names of a metric. */
export type LabelOf<Name extends MetricName> = (typeof METRICS)[Name]['labels'][number];

/**
 * The counter of this name in this registry, made at the first call. Name, help and labels come from the catalogue.
 * @param collect brings it up to date right before it is read; in force only where this call makes the counter.
 */
export function counter<Name extends NameOf<'counter'>>(
  registry: Registry,
  name: Name,
  collect?: (counter: Counter<LabelOf<Name>>) => void | Promise<void>,
): Counter<LabelOf<Name>> {
  const existing = known(registry, name, Counter<LabelOf<Name>>);
  return existing ?? new Counter<LabelOf<Name>>({ ...options(registry, name), ...collecting(collect) });
}

/** @param collect as for `counter`. */
export function gauge<Name extends NameOf<'gauge'>>(
  registry: Registry,
  name: Name,
  collect?: (gauge: Gauge<LabelOf<Name>>) => void | Promise<void>,
): Gauge<LabelOf<Name>> {
  const existing = known(registry, name, Gauge<LabelOf<Name>>);
  return existing ?? new Gauge<LabelOf<Name>>({ ...options(registry, name), ...collecting(collect) });
}

/** @param buckets instead of the catalogue's, where a part of the system needs its own. */
export function histogram<Name extends NameOf<'histogram'>>(
  registry: Registry,
  name: Name,
  buckets: readonly number[] | undefined = (METRICS[name] as MetricSpec).buckets,
): Histogram<LabelOf<Name>> {
  const existing = known(registry, name, Histogram<LabelOf<Name>>);
  return existing ?? new Histogram({ ...options(registry, name), ...(buckets ? { buckets: [...buckets] } : {}) });
}

function options<Name extends MetricName>(registry: Registry, name: Name) {
  const { help, labels } = METRICS[name];
  return { name, help, labelNames: [...labels] as LabelOf<Name>[], registers: [registry] };
}

/** prom-client hands the metric over as `this`. */
function collecting<Metric>(collect: ((metric: Metric) => void | Promise<void>) | undefined) {
  if (collect === undefined) return {};
  return {
    collect(this: Metric) {
      return collect(this);
    },
  };
}

function known<Metric>(
  registry: Registry,
  name: MetricName,
  kind: new (...args: never[]) => Metric,
): Metric | undefined {
  const existing: unknown = registry.getSingleMetric(name);
  return existing instanceof kind ? existing : undefined;
}
