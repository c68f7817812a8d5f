/**
 * Ends the process when all it has written is taken. `process.exit` alone drops what a pipe has not taken yet: of a long
 * answer, everything but its beginning.
 */
export function endProcess(code: number): void {
  process.exitCode = code;
  process.stdout.write('', () => {
    process.stderr.write('', () => process.exit(code));
  });
}
