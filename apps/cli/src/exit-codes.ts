import { ConfigurationError } from '#shared/config/load';
import { PodlineError } from '#shared/errors';
import { UnreachableError, UsageError } from './usage-error.ts';

/** What a command ends with, for scripts: the only place where these numbers are spelt out. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  bug: 70,
  interrupted: 130,
} as const;

/** The table of `podline --help` and docs/cli.md. */
export const EXIT_MEANINGS: Record<keyof typeof EXIT, string> = {
  done: 'done',
  failed:
    'done, and the outcome is bad: an episode or a check failed, a feed could not be read, a file stood in the way',
  usage: 'used wrongly: an unknown option, value, episode or setting; trying again does not help',
  unreachable: 'NATS or podline does not answer; trying again later may help',
  bug: 'an error nobody foresaw, with its stack: please report it',
  interrupted: 'interrupted (Ctrl-C)',
};

/** What a command ends with that threw this. */
export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof UnreachableError) return EXIT.unreachable;
  if (thrown instanceof UsageError || thrown instanceof ConfigurationError) return EXIT.usage;
  if (thrown instanceof PodlineError) return thrown.retryable ? EXIT.unreachable : EXIT.usage;
  return EXIT.bug;
}
