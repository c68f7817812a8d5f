import { existsSync } from 'node:fs';

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

/**
 * A command that the kernel ends when this process dies, however it dies: a service that is killed must not leave an
 * engine behind that eats the CPU. Linux only (util-linux's setpriv); elsewhere the command as it is.
 */
export function boundToParent(
  file: string,
  args: readonly string[],
  signal: 'KILL' | 'TERM' = 'KILL',
): [string, string[]] {
  return SETPRIV === undefined ? [file, [...args]] : [SETPRIV, ['--pdeathsig', signal, '--', file, ...args]];
}
