import { refKey } from '../../../shared/domain/lane/change-ref.ts';
import { isWaiting, openPlace } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { finishOutboxes } from '../../../shared/ledger/outbox.ts';
import type { ApplyPorts } from './ports.ts';

/** Open changes read at once: as many as coalescing can use, within one DynamoDB page of small changes. */
const LOOK_AHEAD = 200;

/**
 * The lane's open changes, cached by the worker that holds the lease. No other worker settles them, so a record stays in the
 * cache until it is settled, and each read fetches only later changes. The worker reads everything again at the start, and
 * whenever a record was not as cached. A change that arrives after the last read has a message of its own. A cached record
 * may be older than the ledger's: each write is conditional.
 */
export type Backlog = {
  /**
   * The unsettled changes, lowest sequence first, after the owed sends of settled ones are done. `empty`: the lane has
   * no open change.
   */
  read(): Promise<{ unsettled: readonly ChangeRecord[]; empty: boolean }>;
  /** The change is settled. */
  remove(record: ChangeRecord): void;
  /** A record is not as cached: the next read fetches everything. */
  invalidate(): void;
};

export function createBacklog(ports: ApplyPorts, lane: string): Backlog {
  const cached = new Map<string, ChangeRecord>();
  let through: number | undefined;
  /** No open change follows the cached ones; later arrivals have messages of their own. */
  let complete = false;

  async function fetch(limit: number, after?: number): Promise<ChangeRecord[]> {
    const open = await ports.ledger.openChanges(lane, limit, after);
    await finishOutboxes(
      ports,
      open.filter(({ state }) => state === 'settled'),
    );
    for (const record of open) {
      if (record.state !== 'settled' && !isWaiting(record)) cached.set(refKey(record.ref), record);
      through = Math.max(through ?? 0, openPlace(record));
    }
    return open;
  }

  const unsettled = () => [...cached.values()].sort((a, b) => a.sequence - b.sequence);

  return {
    async read() {
      if (through !== undefined && cached.size > 0) {
        const room = LOOK_AHEAD - cached.size;
        if (room > 0) complete = (await fetch(room, through)).length < room;
        return { unsettled: unsettled(), empty: false };
      }
      if (through !== undefined && complete) return { unsettled: [], empty: true };
      cached.clear();
      through = undefined;
      const open = await fetch(LOOK_AHEAD);
      // Waiting changes come after all others in the index.
      complete = open.every(isWaiting) || open.length < LOOK_AHEAD;
      return { unsettled: unsettled(), empty: cached.size === 0 && complete };
    },
    remove: (record) => cached.delete(refKey(record.ref)),
    invalidate: () => {
      through = undefined;
    },
  };
}
