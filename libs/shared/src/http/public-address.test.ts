import { describe, expect, test } from '@jest/globals';
import { nonPublicKind } from './public-address.ts';

describe('nonPublicKind', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'link local'],
    ['100.64.0.1', 'carrier grade nat'],
    ['100.100.100.200', 'carrier grade nat'],
    ['192.0.0.192', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['203.0.113.7', 'reserved'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['168.63.129.16', 'cloud host agent'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::127.0.0.1', 'ipv4 mapped'],
    ['::ffff:127.0.0.1', 'ipv4 mapped'],
    ['::ffff:8.8.8.8', 'ipv4 mapped'],
    ['::ffff:0:127.0.0.1', 'rfc6145'],
    ['64:ff9b::127.0.0.1', 'loopback'],
    ['64:ff9b::a9fe:a9fe', 'link local'],
    ['64:ff9b:1::1', 'rfc6052'],
    ['2002:7f00:1::', '6to4'],
    ['2002:0808:0808::1', '6to4'],
    ['2001:0:1::1', 'teredo'],
    ['fe80::1', 'link local'],
    ['fe80::1%eth0', 'unreadable'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'unique local'],
    ['fec0::1', 'deprecated site local'],
    ['ff02::1', 'multicast'],
    ['2001:db8::1', 'reserved'],
    ['100::1', 'discard'],
    ['4000::1', 'unassigned'],
    ['not an address', 'unreadable'],
    ['', 'unreadable'],
  ])('calls %s %s', (address, kind) => {
    expect(nonPublicKind(address)).toBe(kind);
  });

  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '2001:4860:4860::8888',
    '2a00:1450::1',
    '64:ff9b::8.8.8.8',
  ])('takes %s for public', (address) => {
    expect(nonPublicKind(address)).toBeUndefined();
  });
});
