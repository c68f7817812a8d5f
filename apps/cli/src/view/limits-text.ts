import { z } from 'zod';
import type { Limits } from '#shared/rate-limit/limits';
import type { EndpointReport } from '#shared/rate-limit/limits-admin';
import type { LimitName } from '#shared/rate-limit/limiter-status';
import { plainText } from '../plain-text.ts';

/** Settings as they are set, `requestsPerMinute=50 mode=adaptive`, without those only experts change. */
export function settingsText(settings: object): string {
  return shownSettings(settings)
    .map(([name, value]) => `${name}=${plainText(value)}`)
    .join(' ');
}

/** An endpoint: whether calls are sent, and how far each limit is used. */
export function reportText({ endpoint, limits, limitsError, status }: EndpointReport): string {
  const rows = shownSettings(limits ?? status?.limits ?? {}).map(([name, value]): [string, string] => {
    const use = status?.use[name as LimitName];
    return [name, use === undefined ? value : `${value} (${use.used} used)`];
  });
  if (status !== undefined && status.factor < 1)
    rows.push(['slowed down', `to ${Math.round(100 * status.factor)} % of the limits, after 429s`]);
  if (limitsError !== undefined) rows.push(['error', limitsError]);
  return [
    head(endpoint, limits?.paused, status),
    ...rows.map(([name, value]) => `  ${name.padEnd(22)} ${plainText(value)}`),
  ].join('\n');
}

/** A pause is in force as soon as it is stored; the state knows of it when the next service looks. */
function head(endpoint: string, paused: string | undefined, status: EndpointReport['status']): string {
  if (paused !== undefined) return `${endpoint}  paused: ${plainText(paused)}`;
  if (status === undefined) return endpoint;
  const { condition, because, until } = status;
  const why = because === undefined ? '' : `: ${plainText(because)}`;
  return `${endpoint}  ${condition}${why}${until === undefined ? '' : `, until ${until}`}`;
}

const HIDDEN: ReadonlySet<string> = new Set<keyof Limits>(['layout', 'paused']);

const settingsSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.number())]),
);

function shownSettings(settings: object): [string, string][] {
  const known = Object.entries(settings).filter(([name, value]) => value !== undefined && !HIDDEN.has(name));
  return Object.entries(settingsSchema.parse(Object.fromEntries(known))).flatMap(([name, value]): [string, string][] =>
    typeof value === 'object'
      ? Object.entries(value).map(([inner, one]) => [`${name} ${inner}`, String(one)])
      : [[name, String(value)]],
  );
}
