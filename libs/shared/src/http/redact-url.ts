const MAX_CHARACTERS = 300;

/**
 * A URL fit for logs and messages: without user, password, fragment and the values of the query, where private feeds
 * and signed links carry their tokens. At most 300 characters; never throws.
 */
export function redactUrl(url: string | URL): string {
  const parsed = URL.parse(String(url));
  if (parsed === null) return '(not a URL)';
  const user = parsed.username !== '' || parsed.password !== '' ? '***@' : '';
  const names = [...parsed.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=***`);
  const query = names.length === 0 ? '' : `?${names.join('&')}`;
  const text =
    parsed.host === ''
      ? `${parsed.protocol}***`
      : `${parsed.protocol}//${user}${parsed.host}${parsed.pathname}${query}`;
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text;
}
