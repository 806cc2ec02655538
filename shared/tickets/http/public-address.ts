import { isIP } from 'node:net';
import { addressRanges } from '../../domain/source/ip-allowlist.ts';

/**
 * Ranges that no ticket system on the internet has: IANA's special-purpose registries (RFC 6890 and its updates),
 * multicast and what is reserved. IPv4 inside IPv6 (NAT64, 6to4, Teredo) is not public either: nobody names a ticket
 * system so, and what stands in it could be private. A mapped address is judged as the IPv4 address it is.
 */
const isSpecial = addressRanges([
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

/** The filter that is true of an address that may be called. `allowed`: ranges (CIDR) that may be although they are not public. */
export function createAddressFilter(allowed: readonly string[]): (address: string) => boolean {
  const isAllowed = addressRanges(allowed);
  return (address) => {
    // A zone index (`fe80::1%eth0`) says nothing about the range.
    const bare = address.replace(/%.*$/, '');
    return isIP(bare) !== 0 && (!isSpecial(bare) || isAllowed(bare));
  };
}
