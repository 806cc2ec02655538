import { openPlace } from '../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { Ledger } from '../../shared/ports/ports.ts';

class RecordMalformedFake extends Error {
  readonly code = 'record-malformed';
  readonly scope = 'platform';
}

/** Lets the ledger refuse to read the desired state of this group. */
export function spoilDesired(ledger: Ledger, groupId: string): void {
  const { readDesired, listDesired } = ledger;
  ledger.readDesired = async (lane, id) => {
    if (id === groupId) throw new RecordMalformedFake(groupId);
    return readDesired(lane, id);
  };
  ledger.listDesired = async function* (lane, onUnreadable) {
    if (onUnreadable === undefined) throw new RecordMalformedFake(groupId);
    onUnreadable({ key: `desired#${groupId}`, why: 'spoilt', groupId });
    for await (const group of listDesired(lane)) if (group.groupId !== groupId) yield group;
  };
}

/** Lets the ledger refuse to read the change with this key; `request`: whether its request can be read all the same. */
export function spoil(ledger: Ledger, key: string, { request }: { request: boolean }): void {
  const { openChanges, readChange, failuresBefore, failedChanges } = ledger;
  const isSpoilt = ({ ref }: Pick<ChangeRecord, 'ref'>) => ref.idempotencyKey === key;
  ledger.readChange = async (ref) => {
    if (isSpoilt({ ref })) throw new RecordMalformedFake(key);
    return readChange(ref);
  };
  ledger.failuresBefore = async (...args) => (await failuresBefore(...args)).filter((one) => !isSpoilt(one));
  ledger.failedChanges = async function* (lane, onUnreadable) {
    for await (const record of failedChanges(lane)) {
      if (!isSpoilt(record)) yield record;
      else if (onUnreadable === undefined) throw new RecordMalformedFake(key);
      else onUnreadable({ key, why: 'spoilt' });
    }
  };
  ledger.openChanges = async (lane, limit, after, onUnreadable) => {
    const open = await openChanges(lane, limit, after, onUnreadable);
    for (const record of open.filter(isSpoilt)) {
      if (onUnreadable === undefined) throw new RecordMalformedFake(key);
      const { ref, change } = record;
      onUnreadable({ key, place: openPlace(record), why: 'spoilt', ...(request && { request: { ref, change } }) });
    }
    return open.filter((one) => !isSpoilt(one));
  };
}
