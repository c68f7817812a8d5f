import { type LoggerOptions, pino } from 'pino';
import { traceFields } from './spans.ts';

/** The one logging interface: an object of fields, then a sentence. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

export interface LogOptions {
  level: string;
  pretty: boolean;
  /** Name of the service, on every line. */
  service: string;
}

/** Options for pino: one JSON line an event, or human-readable lines on a terminal. Known secrets are blanked out. */
export function pinoOptions(options: LogOptions): LoggerOptions {
  return {
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: traceFields,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['*.apiKey', '*.authorization', '*.password', '*.token', 'req.headers'], censor: '[secret]' },
    ...(options.pretty
      ? {
          transport: {
            target: 'pino-pretty',
            options: { ignore: 'pid,hostname,service', translateTime: 'SYS:HH:MM:ss' },
          },
        }
      : {}),
  };
}

export function createLog(options: LogOptions): Log {
  return pino(pinoOptions(options));
}

/** For tests, and for callers with nothing to say. */
export const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
};
