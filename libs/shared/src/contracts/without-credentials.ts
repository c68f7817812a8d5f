/** A URL without user name and password: what may be stored, logged and shown. */
export function withoutCredentials(url: string): string {
  // To the last "@" of the authority: a password may hold others, unescaped. Too many slashes are read as two.
  return url.replace(/^([a-z][a-z0-9+.-]*:[/\\]{2,})[^/\\?#]*@/i, '$1');
}

/** Longest text searched, in characters; the rest is left out. Searching takes at worst the square of it. */
const SEARCHED = 4096;

/**
 * The beginning of a text without the credentials of any URL in it, well-formed or not: a password with a "/" makes a URL
 * that is refused, and the refusal must not tell it. Removes too much rather than too little.
 */
export function textWithoutCredentials(text: string): string {
  return text
    .slice(0, SEARCHED)
    .replace(/([a-z][a-z0-9+.-]{0,20}:[/\\]*)(?:[^\s/\\?#]*@|[^\s/\\?#@:]*:(?!\d{1,5}(?:[/\\?#"'\s]|$))\S*@)/gi, '$1');
}
