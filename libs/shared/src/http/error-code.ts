/** The code of an error of Node or the system, such as `ECONNRESET`; undefined where it has none. */
export function errorCode(thrown: unknown): string | undefined {
  const code: unknown = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
