import { openPlace } from '../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { Ledger } from '../../shared/ports/ports.ts';

class RecordMalformedFake extends Error {
  readonly code = 'record-malformed';
  readonly scope = 'platform';
}

/** Lets the ledger refuse to read the change with this key; `request`: whether its request can be read all the same. */
export function spoil(ledger: Ledger, key: string, { request }: { request: boolean }): void {
  const { openChanges, readChange } = ledger;
  const isSpoilt = ({ ref }: Pick<ChangeRecord, 'ref'>) => ref.idempotencyKey === key;
  ledger.readChange = async (ref) => {
    if (isSpoilt({ ref })) throw new RecordMalformedFake(key);
    return readChange(ref);
  };
  ledger.openChanges = async (lane, limit, after, onUnreadable) => {
    const open = await openChanges(lane, limit, after);
    for (const record of open.filter(isSpoilt)) {
      if (onUnreadable === undefined) throw new RecordMalformedFake(key);
      const { ref, change } = record;
      onUnreadable({ key, place: openPlace(record), why: 'spoilt', ...(request && { request: { ref, change } }) });
    }
    return open.filter((one) => !isSpoilt(one));
  };
}
