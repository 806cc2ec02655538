import type { Configuration } from '../../../../../shared/domain/configuration/configuration.ts';
import type { ChangeRecord } from '../../../../../shared/domain/records/change-record.ts';
import type { ChangeList } from '../../../../../shared/ports/change-list.ts';
import { createMemoryKnownLanes } from '../../../../fakes/memory-known-lanes.ts';
import { createMemoryLedger, type MemoryLedger } from '../../../../fakes/memory-ledger.ts';
import { aChange, TEST_LANE } from '../../../../fakes/records.ts';

const [cloud = '', customerId = ''] = TEST_LANE.split(':');

const configuration = {
  tenants: { 'acme-test': { cloud, customerId } },
  sources: { helpdesk: {} },
} as unknown as Configuration;

class MalformedError extends Error {
  readonly code = 'record-malformed';
}

/**
 * A ledger in memory that lists its changes, and counts what is read of it. `hold`: a listing waits for it after each change; `onRead`: a
 * read of one change waits for it; `unreadable`: keys of records that a listing cannot read.
 */
export function createListedLedger() {
  const memory = createMemoryLedger();
  const counts = { listed: 0, read: 0 };
  let hold: (() => Promise<void>) | undefined;
  let onRead: (() => Promise<void>) | undefined;
  let fault: Error | undefined;
  let unreadable: readonly string[] = [];
  const malformed = new Set<string>();
  const ledger: MemoryLedger & ChangeList = {
    ...memory,
    async *listChanges(lane, onUnreadable) {
      if (fault !== undefined) throw fault;
      for (const key of unreadable) onUnreadable?.({ key, why: 'it cannot be read' });
      for (const one of memory.allChanges()) {
        if (one.ref.lane !== lane) continue;
        counts.listed += 1;
        yield one;
        await hold?.();
      }
    },
    async readChange(ref) {
      counts.read += 1;
      await onRead?.();
      if (malformed.has(ref.idempotencyKey)) throw new MalformedError();
      return memory.readChange(ref);
    },
  };
  return {
    session: { ledger, configuration: { ...configuration }, knownLanes: createMemoryKnownLanes() },
    counts,
    /** Keys of changes whose records a read of them finds malformed. */
    malformed,
    set unreadable(keys: readonly string[]) {
      unreadable = keys;
    },
    set hold(wait: (() => Promise<void>) | undefined) {
      hold = wait;
    },
    set onRead(wait: (() => Promise<void>) | undefined) {
      onRead = wait;
    },
    set fault(error: Error | undefined) {
      fault = error;
    },
    /** Stores a change with the next place of its lane, or a new version of it. */
    async store(over: Partial<ChangeRecord>): Promise<ChangeRecord> {
      const record = aChange(over);
      const found = await memory.readChange(record.ref);
      const sequence = found?.sequence ?? (await memory.takeSequences(record.ref.lane, 1));
      await memory.writeChange({ ...record, sequence }, found?.version ?? 0);
      return { ...record, sequence };
    },
  };
}
