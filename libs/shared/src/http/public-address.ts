import ipaddr from 'ipaddr.js';

/** Azure's host agent: it looks public and answers every virtual machine (Microsoft Learn, "What is IP address 168.63.129.16?"). */
const AZURE_HOST_AGENT = '168.63.129.16';
/** The one block IANA has handed out for global unicast; addresses outside it belong to nobody. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');
/** The well-known NAT64 prefix (RFC 6052): in an IPv6-only cluster every IPv4 host is found behind it. */
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96');

/**
 * What kind of address it is when nobody outside could reach it (loopback, private, link-local, multicast, reserved,
 * IPv4 wrapped in IPv6...), and undefined when it is public. What cannot be read is not public.
 */
export function nonPublicKind(address: string): string | undefined {
  if (!ipaddr.isValid(address) || address.includes('%')) return 'unreadable';
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv4 ? kindOfIpv4(parsed) : kindOfIpv6(parsed);
}

function kindOfIpv4(address: ipaddr.IPv4): string | undefined {
  if (address.toString() === AZURE_HOST_AGENT) return 'cloud host agent';
  return named(address.range());
}

function kindOfIpv6(address: ipaddr.IPv6): string | undefined {
  if (address.match(NAT64)) return kindOfIpv4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  const kind = named(address.range());
  return kind ?? (address.match(GLOBAL_UNICAST) ? undefined : 'unassigned');
}

function named(range: string): string | undefined {
  return range === 'unicast' ? undefined : range.replace(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
