/** Metrics of podline, of Node in its processes, and its recording rules. */
const METRIC = /\b(podline[_:][a-zA-Z0-9_:]+|process_[a-z0-9_]+|nodejs_[a-z0-9_]+|ALERTS)\b(\{)?/g;

/**
 * The query, limited to the chosen namespace. Outside Kubernetes no series has one, and the choice "All" (`.*`) matches
 * what is not there as well.
 */
export function scoped(expr: string): string {
  return expr.replaceAll(METRIC, (_, name: string, brace: string | undefined) =>
    brace === undefined ? `${name}{namespace=~"$namespace"}` : `${name}{namespace=~"$namespace",`,
  );
}
