import { unpackedProgram } from './unpack.ts';

/** Why `newNatsServerBinary` has none to offer; fit for the title of a skipped test. */
export const NO_NEW_NATS_SERVER = 'needs ../shared/bin/nats-server.xz beside the checkout, and xz';

/**
 * Path of a current nats-server (2.15), unpacked once into the temporary folder; for what Debian's 2.9.10 cannot show.
 * Undefined where there is none: skip the test then, and say `NO_NEW_NATS_SERVER`.
 */
export function newNatsServerBinary(): Promise<string | undefined> {
  return unpackedProgram('bin', 'nats-server.xz');
}
