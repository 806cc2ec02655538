import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressFilter } from '../../../../shared/tickets/http/public-address.ts';

const mayCall = createAddressFilter([]);

describe('which addresses may be called', () => {
  it.each([
    '8.8.8.8',
    '::ffff:8.8.8.8',
    '0:0:0:0:0:ffff:808:808',
    '185.166.140.1',
    '100.128.0.1',
    '172.32.0.1',
    '2606:4700::1111',
  ])('%s is public', (address) => expect(mayCall(address)).toBe(true));

  it.each([
    ...['127.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1'],
    ...['169.254.169.254', '0.0.0.0', '224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1'],
    ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12::1', 'ff02::1', '2001:db8::1', 'fd00:ec2::254'],
    // IPv4 addresses written as IPv6.
    ...['::ffff:10.0.0.1', '::ffff:a00:1', '::FFFF:7f00:1', '0:0:0:0:0:ffff:0a00:0001', '::10.0.0.1'],
    ...['64:ff9b::a00:1', '2002:a00:1::1', '2001:0:a00:1::1'],
    ...['', 'localhost', '10.0.0.1.example.org', '0x7f.1', '2130706433'],
  ])('%s is not', (address) => expect(mayCall(address)).toBe(false));

  it('no address of a private range gets through, however it is written', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const privately = fc.oneof(
      fc.tuple(fc.constant(10), byte, byte, byte),
      fc.tuple(fc.constant(127), byte, byte, byte),
      fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
      fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
    );
    fc.assert(
      fc.property(privately, ([a, b, c, d]) => {
        const word = (high: number, low: number) => ((high << 8) | low).toString(16);
        expect(mayCall(`${a}.${b}.${c}.${d}`)).toBe(false);
        expect(mayCall(`::ffff:${a}.${b}.${c}.${d}`)).toBe(false);
        expect(mayCall(`::ffff:${word(a, b)}:${word(c, d)}`)).toBe(false);
      }),
    );
  });

  it('a range that is allowed may be called, in both clothes, and nothing beside it', () => {
    const inside = createAddressFilter(['10.1.0.0/16', 'fd00:1::/32']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd00:1::5', '8.8.8.8'].map(inside)).toEqual([true, true, true, true]);
    expect(['10.2.0.1', 'fd00:2::5', '127.0.0.1'].map(inside)).toEqual([false, false, false]);
  });
});
