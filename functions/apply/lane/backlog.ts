import { refKey } from '../../../shared/domain/lane/change-ref.ts';
import { isWaiting, openPlace } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { finishOutboxes } from '../../../shared/ledger/outbox.ts';
import type { ApplyPorts } from './ports.ts';

/** Open changes looked at in one go: as deep as coalescing is useful, within one DynamoDB page of small changes. */
const LOOK_AHEAD = 200;

/**
 * The lane's open changes, as the worker that holds the lease knows them: nobody else settles them, so what it has read
 * stays until it settles, and only what came since is read. Everything is read anew at the start, and whenever something
 * was not as known; what comes after the last look has a message of its own. A record may be older than the ledger's: each write is conditional.
 */
export type Backlog = {
  /** Those to be carried out, lowest sequence first, with nothing owed before them. `empty`: all that is there was read. */
  read(): Promise<{ unsettled: readonly ChangeRecord[]; empty: boolean }>;
  remove(record: ChangeRecord): void;
  /** Something is not as known: the next look reads everything. */
  invalidate(): void;
};

export function createBacklog(ports: ApplyPorts, lane: string): Backlog {
  const known = new Map<string, ChangeRecord>();
  let through: number | undefined;
  /** There was nothing behind what was read; whatever comes has a message of its own. */
  let complete = false;

  async function take(limit: number, after?: number): Promise<ChangeRecord[]> {
    const open = await ports.ledger.openChanges(lane, limit, after);
    await finishOutboxes(
      ports,
      open.filter(({ state }) => state === 'settled'),
    );
    for (const record of open) {
      if (record.state !== 'settled' && !isWaiting(record)) known.set(refKey(record.ref), record);
      through = Math.max(through ?? 0, openPlace(record));
    }
    return open;
  }

  const unsettled = () => [...known.values()].sort((a, b) => a.sequence - b.sequence);

  return {
    async read() {
      if (through !== undefined && known.size > 0) {
        const room = LOOK_AHEAD - known.size;
        if (room > 0) complete = (await take(room, through)).length < room;
        return { unsettled: unsettled(), empty: false };
      }
      if (through !== undefined && complete) return { unsettled: [], empty: true };
      known.clear();
      through = undefined;
      const open = await take(LOOK_AHEAD);
      // What waits stands behind all others.
      complete = open.every(isWaiting) || open.length < LOOK_AHEAD;
      return { unsettled: unsettled(), empty: known.size === 0 && complete };
    },
    remove: (record) => known.delete(refKey(record.ref)),
    invalidate: () => {
      through = undefined;
    },
  };
}
