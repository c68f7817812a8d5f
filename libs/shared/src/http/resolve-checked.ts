import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { PermanentError } from '#shared/errors';
import type { AllowList } from './allow-list.ts';
import { nonPublicKind } from './public-address.ts';
import { redactUrl } from './redact-url.ts';

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** As every other program on the machine does it: hosts file, search domains, DNS. */
export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/**
 * The addresses a request to this URL may connect to: those that are public or allowed. Connect to these and ask no
 * resolver again, or a second answer could lead elsewhere.
 *
 * @throws PermanentError `unsupported-scheme`, or `forbidden-address` when none may be reached.
 */
export async function resolveChecked(url: URL, allow: AllowList, resolve: Resolve): Promise<string[]> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new PermanentError(
      'unsupported-scheme',
      `${redactUrl(url)} has the scheme "${url.protocol}"; only http: and https: are taken.`,
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) === 0 ? [...(await resolve(host))] : [host];
  const permitted = allow.hasOrigin(url)
    ? addresses
    : addresses.filter((address) => allow.hasAddress(address) || nonPublicKind(address) === undefined);
  if (permitted.length === 0) throw forbidden(url, addresses[0], allow.variable);
  return permitted;
}

function forbidden(url: URL, address: string | undefined, variable: string): PermanentError {
  if (address === undefined) return new PermanentError('host-not-found', `${url.hostname} has no address.`);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return new PermanentError(
    'forbidden-address',
    `${redactUrl(url)} leads to ${address} (${nonPublicKind(address)}), and only public addresses are connected to. ` +
      `If you trust it, add ${url.hostname}:${port} to ${variable}.`,
  );
}
