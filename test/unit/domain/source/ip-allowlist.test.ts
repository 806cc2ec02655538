import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin } from '../../../../shared/domain/source/ip-allowlist.ts';

describe('an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.0/24', true],
    ['203.0.114.7', '203.0.113.0/24', false],
    ['203.0.113.7', '203.0.113.7/32', true],
    ['203.0.113.6', '203.0.113.7/32', false],
    ['198.51.100.1', '0.0.0.0/0', true],
    ['203.0.113.7', '203.0.113.200/24', true],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:0DB8:0:0::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['2001:db8::1', '::/0', true],
    ['::1', '::1/128', true],
    ['::ffff:203.0.113.7', '203.0.113.0/24', true],
    ['::ffff:cb00:7107', '203.0.113.0/24', true],
    ['0:0:0:0:0:FFFF:cb00:7107', '203.0.113.0/24', true],
    ['203.0.113.7', '::ffff:203.0.113.0/120', true],
    ['203.0.114.7', '::ffff:203.0.113.0/120', false],
    ['203.0.113.7', '::/0', false],
    ['2001:db8::1', '0.0.0.0/0', false],
    ['203.0.113.7', '203.0.113.0/33', false],
    ['2001:db8::1', '2001:db8::/129', false],
    ['2001:db8::1', '2001:db8::/64', true],
    ['203.0.113.7', '203.0.113.0', false],
    ['203.0.113.7', '203.0.113.0/x24', false],
    ['203.0.113.7', '203.0.113.0/24x', false],
    ['203.0.113.7', '/24', false],
  ])('%s in %s: %s', (address, range, within) => {
    expect(isWithin(address, [range])).toBe(within);
    expect(isWithin(address, ['192.0.2.0/24', range])).toBe(within);
    expect(isWithin(address, [])).toBe(false);
  });

  it.each([
    '',
    'localhost',
    '203.0.113',
    '203.0.113.7.1',
    '203.0.113.256',
    '203.0.113.07',
    '0xcb.0.113.7',
    '3405803783',
    '203.0.113.7 ',
    '203.0.113.7,10.0.0.1',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    ':::',
    '12345::',
    '203.0.113.7::',
    'fe80::1%eth0',
  ])('"%s" is none, and lies nowhere', (text) => {
    expect(isWithin(text, ['0.0.0.0/0', '::/0'])).toBe(false);
  });
});

describe('whatever address and range', () => {
  const anyRange = fc.oneof(
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
    fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
  );
  const near = fc.constantFrom(
    '10.1.2.3',
    '10.1.2.130',
    '10.1.3.3',
    '2001:db8::1',
    '2001:db8:0:1::1',
    '::ffff:10.1.2.3',
  );

  it('the answer is that of Node’s own block list', () => {
    fc.assert(
      fc.property(
        fc.oneof(near, fc.ipV4(), fc.ipV6()),
        fc.oneof(anyRange, fc.tuple(near, fc.nat(32))),
        (address, [network, length]) => {
          // Node treats IPv4 as a part of IPv6. Here the two are separate, and a mapped address counts as its IPv4
          // address.
          fc.pre(isIP(network) === 4 || (isIP(address) === 6 && !/ffff:/i.test(`${network} ${address}`)));
          const list = new BlockList();
          list.addSubnet(network, length, isIP(network) === 4 ? 'ipv4' : 'ipv6');
          expect(isWithin(address, [`${network}/${length}`])).toBe(
            list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6'),
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('any text is judged without an exception', () => {
    fc.assert(fc.property(fc.string(), (text) => !isWithin(text, ['2001:db8::/32', '10.0.0.0/8'])));
  });
});
