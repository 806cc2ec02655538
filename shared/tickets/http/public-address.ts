import { BlockList, isIP, isIPv4 } from 'node:net';

/**
 * Ranges that no ticket system on the internet has: IANA's special-purpose registries (RFC 6890 and its updates),
 * multicast and what is reserved. IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo) is not public either: nobody names a
 * ticket system so, and what stands in it could be private.
 */
const NOT_PUBLIC = blockList([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]);

/** Whether an address may be called. `allowed`: ranges (CIDR) that may be although they are not public. */
export function addressGate(allowed: readonly string[]): (address: string) => boolean {
  const extra = blockList(allowed);
  return (address) => {
    const plain = unmapped(address);
    const family = isIP(plain);
    if (family === 0) return false;
    const type = family === 4 ? 'ipv4' : 'ipv6';
    return !NOT_PUBLIC[type].check(plain, type) || extra[type].check(plain, type);
  };
}

/** `::ffff:10.0.0.1` is 10.0.0.1; a zone index (`fe80::1%eth0`) says nothing about the range. */
function unmapped(address: string): string {
  const bare = address.replace(/%.*$/, '');
  const inner = /^::ffff:(.+)$/i.exec(bare)?.[1];
  if (inner === undefined) return bare;
  if (isIPv4(inner)) return inner;
  const words = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(inner);
  if (words === null) return bare;
  const bytes = [words[1], words[2]].flatMap((word) => {
    const value = Number.parseInt(word ?? '0', 16);
    return [value >> 8, value & 0xff];
  });
  return bytes.join('.');
}

type Ranges = Record<'ipv4' | 'ipv6', BlockList>;

/** By family: a list of both would hold every IPv4 address for one of `::ffff:0:0/96`. */
function blockList(ranges: readonly string[]): Ranges {
  const lists: Ranges = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/');
    const family = isIPv4(network) ? 'ipv4' : 'ipv6';
    lists[family].addSubnet(network, Number(bits), family);
  }
  return lists;
}
