import { BlockList, isIP, SocketAddress } from 'node:net';

/** True if an address lies in one of the ranges (`203.0.113.0/24`, `2001:db8::/32`); what is no address lies in none. */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  return addressRanges(ranges)(address);
}

/**
 * As `isWithin`, for ranges that many addresses are held against. IPv4 and IPv6 are apart: `::/0` holds no IPv4 address. An
 * address with a zone index (`fe80::1%eth0`) lies in none; what is no range holds none.
 */
export function addressRanges(ranges: readonly string[]): (address: string) => boolean {
  // By family: Node takes IPv4 for a part of IPv6.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const range of ranges) {
    const [network = '', length = ''] = range.split('/');
    const base = parseAddress(network);
    if (base === undefined || !/^\d{1,3}$/.test(length)) continue;
    const { text, family } = base;
    // The first 96 bits of a mapped network are those of all mapped addresses.
    const prefix = family === 'ipv4' && isIP(network) === 6 ? Math.max(0, Number(length) - 96) : Number(length);
    if (prefix <= (family === 'ipv4' ? 32 : 128)) lists[family].addSubnet(text, prefix, family);
  }
  return (address) => {
    const given = parseAddress(address);
    return given !== undefined && lists[given.family].check(given.text, given.family);
  };
}

type Address = { text: string; family: 'ipv4' | 'ipv6' };

/** An IPv4 address that a dual-stack socket shows as `::ffff:a.b.c.d`, in whichever spelling, is the IPv4 one. */
function parseAddress(text: string): Address | undefined {
  const version = text.includes('%') ? 0 : isIP(text);
  if (version === 0) return undefined;
  if (version === 4) return { text, family: 'ipv4' };
  const { address } = new SocketAddress({ address: text, family: 'ipv6' });
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  return mapped === undefined ? { text: address, family: 'ipv6' } : { text: mapped, family: 'ipv4' };
}
