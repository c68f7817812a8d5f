import { z } from 'zod';

/** Building blocks for variables: the environment knows only strings. */

/** A whole number between the bounds, both included. */
export const integer = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^-?\d+$/, `expected a whole number from ${minimum} to ${maximum}`)
    .transform(Number)
    .pipe(
      z
        .number()
        .min(minimum, `expected a whole number from ${minimum} to ${maximum}`)
        .max(maximum, `expected a whole number from ${minimum} to ${maximum}`),
    );

/** A number above zero, at most the maximum. */
export const positive = (maximum: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, `expected a number above 0, at most ${maximum}`)
    .transform(Number)
    .pipe(
      z.number().gt(0, `expected a number above 0, at most ${maximum}`).max(maximum, `expected at most ${maximum}`),
    );

const UNITS: Record<string, number> = { '': 1, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4 };

/** A size as Kubernetes writes it: `512Mi`, `20Gi`, or plain bytes. Parsed to bytes. */
export const bytes = () =>
  z
    .string()
    .regex(/^\d+(Ki|Mi|Gi|Ti)?$/, 'expected bytes, or a size such as 512Mi or 20Gi')
    .transform((text) => {
      const unit = /[A-Z]i$/.exec(text)?.[0] ?? '';
      return Number(text.slice(0, text.length - unit.length)) * (UNITS[unit] ?? 1);
    });

export const flag = () =>
  z.enum(['true', 'false'], { error: 'expected true or false' }).transform((text) => text === 'true');

/** An address of HTTP without user and password in it: messages and logs show it, and no client would send them. */
export const httpUrl = () =>
  z
    .url({ protocol: /^https?$/, error: 'expected a URL that begins with http:// or https://' })
    .refine((url) => !/^[^/]*\/\/[^/?#]*@/.test(url), 'expected a URL without user and password in it');

/** A comma-separated list without empty entries. */
export const list = () =>
  z.string().transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  );

/** A comma-separated list of at least one of these names, and of no others. */
export const listOf = <T extends string>(known: readonly T[]) =>
  list()
    .refine((names) => names.length > 0 && names.every((name) => (known as readonly string[]).includes(name)), {
      error: `expected a list of ${known.join(', ')}`,
    })
    .transform((names) => names as T[]);

/** `name=value` pairs separated by commas, the values percent-encoded, as OpenTelemetry writes headers. */
export const headerPairs = () =>
  z
    .string()
    .refine((text) => headersOf(text) !== undefined, 'expected name=value pairs, separated by commas')
    .transform((text) => headersOf(text) ?? {});

function headersOf(text: string): Record<string, string> | undefined {
  const pairs = text.split(',').map((pair) => {
    const [name = '', value = ''] = pair.trim().split(/=(.*)/s, 2);
    const decoded = value.replace(/%([\dA-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    return [name, decoded] as const;
  });
  const fine = pairs.every(([name, value]) => /^[\w-]+$/.test(name) && /^[\x20-\x7e]+$/.test(value));
  return fine ? Object.fromEntries(pairs) : undefined;
}
