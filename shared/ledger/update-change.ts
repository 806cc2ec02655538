import type { ChangeRecord } from '../domain/records/change-record.ts';

import type { Ledger } from '../ports/ports.ts';

/** A record changed under our hands this often in a row: somebody fights us, give up and let the caller retry. */
const ATTEMPTS = 8;

class LedgerContention extends Error {
  readonly code = 'ledger-contention';
}

/**
 * Reads, applies a pure transition, writes under the version read; again if somebody else was faster. Answers the
 * record as it stands afterwards, whether or not the transition still applied. Rejects with `ledger-contention`.
 */
export async function updateChange(
  ledger: Pick<Ledger, 'writeChange'>,
  known: ChangeRecord,
  transition: (record: ChangeRecord) => ChangeRecord | undefined,
): Promise<{ record: ChangeRecord; changed: boolean }> {
  let record = known;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const next = transition(record);
    if (next === undefined) return { record, changed: false };
    const result = await ledger.writeChange(next, record.version);
    if (result.written) return { record: { ...next, version: record.version + 1 }, changed: true };
    if (result.found === undefined) throw new LedgerContention(`change ${record.ref.idempotencyKey} left the ledger`);
    record = result.found;
  }
  throw new LedgerContention(`change ${known.ref.idempotencyKey} changed ${ATTEMPTS} times while it was written`);
}
