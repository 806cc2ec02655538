import { TABLE } from '../../deployment/resources.ts';
import { ABSENT, type Ledger } from '../../ports/ports.ts';
import { AwsError } from '../aws-error.ts';
import { parseDelivery } from './stored-delivery.ts';
import { parseClaim, parseStatusLink } from './stored-desired.ts';
import { epochSeconds, keys, linkItem } from './table/ledger-items.ts';
import type { LedgerTable } from './table/ledger-table.ts';
import { parseItem } from './table/stored-item.ts';

/** Claims of keys. Like status links and bodies of deliveries, each is found by a hash and has a partition of its own. */
export function claims(table: LedgerTable) {
  return {
    async claimKey({ key, ref, claimedAt, expiresAt }) {
      const attributes = { [TABLE.timeToLive]: epochSeconds(expiresAt) };
      const record = { version: ABSENT, ref, claimedAt };
      const write = { key: keys.claim(key), record, expected: ABSENT, attributes, parse: parseClaim };
      const written = await table.putIf(write);
      if (written.written) return { ref, claimedAt };
      if (written.found !== undefined) return written.found;
      throw new AwsError('ledger-unavailable', 'A claim expired while it was read.');
    },
    readClaim: async (key) => parseItem(await table.get(keys.claim(key)), parseClaim),
  } satisfies Partial<Ledger>;
}

export function statusLinks(table: LedgerTable) {
  return {
    putStatusLink: (link) => table.put(keys.status(link.hash), linkItem(link)),
    readStatusLink: async (hash) => parseItem(await table.get(keys.status(hash)), parseStatusLink),
  } satisfies Partial<Ledger>;
}

/** Each delivery has its own partition, because a body has no lane yet and deliveries are never listed. */
export function deliveries(table: LedgerTable) {
  return {
    writeDelivery: (record, expected) =>
      table.putIf({
        key: keys.delivery(record.source, record.bodyHash),
        record,
        expected,
        attributes: { [TABLE.timeToLive]: epochSeconds(record.keptUntil) },
        parse: parseDelivery,
      }),
  } satisfies Partial<Ledger>;
}
