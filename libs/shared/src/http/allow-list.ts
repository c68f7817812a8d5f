import ipaddr from 'ipaddr.js';

const PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' };

/** What the operator trusts although it is not public. */
export interface AllowList {
  /** The variable it is from; refusals name it. */
  variable: string;
  /** Whether the URL's host and port are allowed, wherever they lead. */
  hasOrigin(url: URL): boolean;
  /** Whether the address is in an allowed network. */
  hasAddress(address: string): boolean;
}

/**
 * Reads `host:port` entries (`feeds.internal:8080`, `[::1]:8080`) and networks (`10.1.0.0/16`).
 * @throws RangeError naming an entry that is neither.
 */
export function allowList(entries: readonly string[], variable: string): AllowList {
  const origins = new Set<string>();
  const networks: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];
  for (const entry of entries) {
    if (ipaddr.isValidCIDR(entry)) networks.push(ipaddr.parseCIDR(entry));
    else origins.add(hostAndPort(entry, variable));
  }
  return {
    variable,
    hasOrigin: (url) => origins.has(`${url.hostname}:${portOf(url)}`),
    hasAddress: (address) => {
      if (!ipaddr.isValid(address)) return false;
      const parsed = ipaddr.parse(address);
      return networks.some((network) => parsed.kind() === network[0].kind() && parsed.match(network));
    },
  };
}

/** The entry as a URL would write it, so that `LOCALHOST:80` and `127.1:80` mean what they mean in a URL. */
function hostAndPort(entry: string, variable: string): string {
  const url = /:\d+$/.test(entry) && !/[/@?#\\]/.test(entry) ? URL.parse(`http://${entry}`) : null;
  if (url === null) {
    throw new RangeError(`"${entry}" is no entry for ${variable}: expected host:port or a network such as 10.0.0.0/8.`);
  }
  return `${url.hostname}:${portOf(url)}`;
}

function portOf(url: URL): string {
  return url.port === '' ? (PORTS[url.protocol] ?? '') : url.port;
}
