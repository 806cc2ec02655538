type Address = { bits: 32 | 128; value: bigint };

/** Whether an address lies in one of the ranges (`203.0.113.0/24`, `2001:db8::/32`); what is no address lies in none. */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  const given = parseAddress(address);
  return given !== undefined && ranges.some((range) => holds(range, given));
}

function holds(range: string, given: Address): boolean {
  const [network = '', length = ''] = range.split('/');
  const base = parseAddress(network);
  if (base === undefined || !/^\d{1,3}$/.test(length)) return false;
  const written = network.includes(':') ? 128 : 32;
  const host = BigInt(written - Number(length));
  return base.bits === given.bits && base.value >> host === given.value >> host;
}

/** IPv4 in dots, IPv6 in colons; an IPv4 address that a dual-stack socket shows as `::ffff:a.b.c.d` is the IPv4 one. */
function parseAddress(text: string): Address | undefined {
  const four = parseFour(text);
  if (four !== undefined) return { bits: 32, value: four };
  const six = parseSix(text);
  if (six === undefined) return undefined;
  return six >> 32n === 0xffffn ? { bits: 32, value: six & 0xffffffffn } : { bits: 128, value: six };
}

/** No leading zeros: some systems read `010` as eight. */
function parseFour(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** RFC 4291 §2.2: eight groups, one run of them left out as `::`, the last two perhaps in dots. Zones are refused. */
function parseSix(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || text.length > 45) return undefined;
  const [head, tail] = halves.map((half, index) => groupsOf(half, index === halves.length - 1));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<bigint>(missing).fill(0n), ...(tail ?? [])];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

/** `last`: it ends the address, where its last two groups may be in dots. */
function groupsOf(half: string, last: boolean): bigint[] | undefined {
  if (half === '') return [];
  const parts = half.split(':');
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    const four = last && index === parts.length - 1 ? parseFour(part) : undefined;
    if (four !== undefined) groups.push(four >> 16n, four & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}
