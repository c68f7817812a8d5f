import { LOG_LEVELS, type LogLevel } from '#shared/contracts/log-level';
import { EXIT } from '../exit-codes.ts';
import { withSession } from '../open-session.ts';
import { wholeNumber } from '../option-values.ts';
import { plainText } from '../plain-text.ts';
import { UsageError } from '../usage-error.ts';

export interface LogLevelOptions {
  service?: string;
  minutes: string;
  json?: boolean;
}

/** Replicas answer at once; one that is busy for longer is not shown, but does it. */
const WAIT_MS = 500;
const DAY_MINUTES = 24 * 60;

/** `podline log-level`: has running replicas log more, or less, for a while. */
export async function logLevel(level: string, options: LogLevelOptions): Promise<number> {
  const wanted = LOG_LEVELS.find((one) => one === level);
  if (wanted === undefined) throw new UsageError(`Expected ${LOG_LEVELS.join(', ')}; got "${plainText(level, 60)}".`);
  const minutes = wholeNumber('--minutes', options.minutes);
  if (minutes > DAY_MINUTES) throw new UsageError(`--minutes: expected at most ${DAY_MINUTES}; got "${minutes}".`);
  const { service } = options;
  return withSession(async (client) => {
    const request = { level: wanted, seconds: minutes * 60, ...(service === undefined ? {} : { service }) };
    const answers = await client.setLogLevel(request, WAIT_MS);
    if (options.json) console.log(JSON.stringify(answers, undefined, 2));
    else if (answers.length === 0) console.log(`No replica${service === undefined ? '' : ` of ${service}`} answers.`);
    else console.log(answers.map((answer) => describe(answer, wanted)).join('\n'));
    return answers.length > 0 ? EXIT.done : EXIT.failed;
  });
}

function describe(replica: { service: string; host: string; pid: number; until: string }, level: LogLevel): string {
  return `${plainText(replica.service)} on ${plainText(replica.host)} (${replica.pid}): ${level} until ${replica.until}`;
}
