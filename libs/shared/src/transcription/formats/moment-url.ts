/**
 * The address of a moment of an episode, as browsers and players take it (a media fragment, https://www.w3.org/TR/media-frags/).
 * @returns undefined where the audio has no address on the web, such as an upload.
 */
export function momentUrl(url: string | undefined, seconds: number): string | undefined {
  const parsed = URL.parse(url ?? '');
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return undefined;
  parsed.hash = `t=${Math.floor(seconds)}`;
  // Written into pages and terminals as it is: what is left of a stranger's brackets must not end a link.
  return parsed.href.replace(/[<>()[\]\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
