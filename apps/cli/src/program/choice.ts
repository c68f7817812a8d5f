import { Option } from 'commander';

/**
 * An option with known values, which help, completion and the manual show. The command itself refuses others, in podline's
 * own words and with the exit code of wrong use.
 */
export function choice(flags: string, description: string, values: readonly string[]): Option {
  const option = new Option(flags, description);
  option.argChoices = [...values];
  return option;
}
