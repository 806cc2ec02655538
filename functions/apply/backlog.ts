import { refKey } from '../../shared/domain/lane.ts';
import type { ChangeRecord } from '../../shared/domain/records.ts';
import { isWaiting, openPlace } from '../../shared/domain/schedule.ts';
import { finishOutboxes } from '../../shared/outbox.ts';
import type { ApplyPorts } from './apply-ports.ts';

/** Open changes looked at in one go: as deep as coalescing is useful, within one DynamoDB page of small changes. */
const LOOK_AHEAD = 200;

/**
 * The lane's open changes, as the worker that holds the lease knows them: nobody else settles them, so what it has read
 * stays until it settles, and only what came since is read. Everything is read anew at the start, before the lane counts as
 * empty, and whenever something was not as known. A record may be older than the ledger's: each write is conditional.
 */
export type Backlog = {
  /** Those to be carried out, lowest sequence first, with nothing owed before them. `empty`: all that is there was read. */
  look(): Promise<{ unsettled: readonly ChangeRecord[]; empty: boolean }>;
  settled(record: ChangeRecord): void;
  /** Something is not as known: the next look reads everything. */
  forget(): void;
};

export function createBacklog(ports: ApplyPorts, lane: string): Backlog {
  const known = new Map<string, ChangeRecord>();
  let through: number | undefined;

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
    async look() {
      if (through !== undefined && known.size > 0) {
        if (known.size < LOOK_AHEAD) await take(LOOK_AHEAD - known.size, through);
        return { unsettled: unsettled(), empty: false };
      }
      known.clear();
      through = undefined;
      const open = await take(LOOK_AHEAD);
      // What waits stands behind all others: if there is nothing but that, there is nothing to do.
      return { unsettled: unsettled(), empty: known.size === 0 && (open.every(isWaiting) || open.length < LOOK_AHEAD) };
    },
    settled: (record) => known.delete(refKey(record.ref)),
    forget: () => {
      through = undefined;
    },
  };
}
