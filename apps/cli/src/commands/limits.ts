import type { LimitsChange } from '#shared/rate-limit/limits-admin';
import { limitsSchema } from '#shared/rate-limit/limits';
import { EXIT } from '../exit-codes.ts';
import { withSession } from '../open-session.ts';
import { plainText } from '../plain-text.ts';
import { UsageError } from '../usage-error.ts';
import { reportText, settingsText } from '../view/limits-text.ts';

interface Json {
  json?: boolean;
}

/** What may be set by `name=value`; `name=none` takes a limit away. */
const SETTABLE = Object.keys(limitsSchema.shape).filter((name) => !['setBy', 'layout', 'paused'].includes(name));

/** `podline limits show [endpoint]` */
export async function limitsShow(endpoint: string | undefined, options: Json): Promise<number> {
  return withSession(async ({ limits }) => {
    const reports = await limits.show(endpoint);
    if (endpoint !== undefined && reports.length === 0)
      throw new UsageError(
        `There are no limits of "${plainText(endpoint, 60)}": podline limits show names all there are.`,
      );
    console.log(
      options.json
        ? JSON.stringify(reports, undefined, 2)
        : reports.map(reportText).join('\n\n') || 'No limits yet: no service that has some has run.',
    );
    return EXIT.done;
  });
}

/** `podline limits set <endpoint> requestsPerMinute=100 …`: in force in the whole cluster at once. */
export async function limitsSet(endpoint: string, settings: string[], options: Json): Promise<number> {
  const change = Object.fromEntries(settings.map(parseSetting)) as LimitsChange;
  return withSession(async ({ limits }) => {
    const stored = await limits.set(endpoint, change);
    console.log(options.json ? JSON.stringify(stored, undefined, 2) : `${endpoint}: ${settingsText(stored)}`);
    return EXIT.done;
  });
}

/**
 * `podline limits apply <endpoint> requestsPerMinute=100 …`: what a deployment says, to be run at install and upgrade. What
 * an operator has set at run time stays, unless `--overwrite`.
 */
export async function limitsApply(
  endpoint: string,
  settings: string[],
  options: { overwrite?: boolean },
): Promise<number> {
  const wanted = Object.fromEntries(settings.map(parseSetting)) as LimitsChange;
  return withSession(async ({ limits }) => {
    const { result, limits: stored } = await limits.apply(endpoint, wanted, options.overwrite ?? false);
    console.log(`${endpoint}: ${RESULTS[result]} ${settingsText(stored)}`);
    return EXIT.done;
  });
}

const RESULTS = {
  applied: 'set to',
  unchanged: 'already at',
  kept: 'left as an operator has set it at run time (--overwrite replaces it):',
};

/** `podline limits pause <endpoint> [reason]`: nothing is sent any more; calls that run end as they will. */
export async function limitsPause(endpoint: string, reason: string | undefined): Promise<number> {
  return withSession(async ({ limits }) => {
    await limits.pause(endpoint, reason ?? '');
    console.log(`${endpoint} is paused. podline limits resume ${endpoint}`);
    return EXIT.done;
  });
}

/** `podline limits resume <endpoint>`: ends a pause, and a stop after an exhausted quota. */
export async function limitsResume(endpoint: string): Promise<number> {
  return withSession(async ({ limits }) => {
    await limits.resume(endpoint);
    console.log(`${endpoint} goes on.`);
    return EXIT.done;
  });
}

/** `podline limits open <endpoint>`: ends the minute a new or rebuilt endpoint is closed for. */
export async function limitsOpen(endpoint: string): Promise<number> {
  return withSession(async ({ limits }) => {
    await limits.open(endpoint);
    console.log(`${endpoint} is open.`);
    return EXIT.done;
  });
}

function parseSetting(text: string): [string, unknown] {
  const [name, value] = text.split('=', 2);
  if (name === undefined || value === undefined || !SETTABLE.includes(name)) {
    throw new UsageError(`Expected name=value with one of ${SETTABLE.join(', ')}; got "${plainText(text, 60)}".`);
  }
  if (value === 'none') return [name, null];
  if (value === 'true' || value === 'false') return [name, value === 'true'];
  return [name, /^\d+$/.test(value) ? Number(value) : value];
}
