import type { z } from 'zod';
import { textWithoutCredentials } from '#shared/contracts/without-credentials';

/** All bad variables of one start, together: a person mends them in one go. */
export class ConfigurationError extends Error {
  constructor(problems: readonly string[]) {
    super(`Bad configuration:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

/** Variables whose values never appear in a message. */
const SECRET = /KEY|SECRET|TOKEN|PASSWORD|CREDS|HEADERS/;

/**
 * Parses environment variables once, at start. Empty strings count as unset, as Helm and Compose write them.
 * @throws ConfigurationError naming every bad variable, its value (unless secret) and what it should be.
 */
export function loadConfig<T extends z.ZodObject>(schema: T, env: NodeJS.ProcessEnv = process.env): z.output<T> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => (env[name] ? [[name, env[name]] as const] : [])),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    parsed.error.issues.map((issue) => {
      const name = String(issue.path[0] ?? 'configuration');
      const value = given[name];
      const shown =
        value === undefined
          ? 'it is not set'
          : SECRET.test(name)
            ? 'got a secret value'
            : `got "${textWithoutCredentials(value)}"`;
      return `${name}: ${issue.message} (${shown})`;
    }),
  );
}
