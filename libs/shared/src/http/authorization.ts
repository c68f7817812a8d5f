import type { OutgoingHttpHeaders } from 'node:http';

/** The URL's user name and password as basic authentication; nothing where it has none. */
export function authorization({ username, password }: URL): OutgoingHttpHeaders {
  if (username === '' && password === '') return {};
  return { authorization: `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
