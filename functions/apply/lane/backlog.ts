import { refKey } from '../../../shared/domain/lane/change-ref.ts';
import { isWaiting, openPlace, WAITING_OFFSET } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { heldBehind, type Unread } from '../rules/held-back.ts';
import { finishOwed } from './finish-owed.ts';
import type { ApplyPorts } from './ports.ts';
import { reportUnreadable } from './report-unreadable.ts';

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
   * The unsettled changes, lowest sequence first, after the owed sends of settled ones are done or tried. `empty`: the lane has
   * no open change.
   */
  read(): Promise<{ unsettled: readonly ChangeRecord[]; empty: boolean }>;
  /**
   * Places of open changes that are not among the unsettled ones: records that cannot be read, and those that must not overtake
   * these.
   */
  heldPlaces(): number[];
  /** The settled changes that owed sends when they were read: the set of a rejected one may not know of it. */
  owing(): readonly ChangeRecord[];
  /** True if a change has arrived since the last read, which had read all. */
  hasMore(): Promise<boolean>;
  /** The change is settled. */
  remove(record: ChangeRecord): void;
  /** A record is not as cached: the next read fetches everything. */
  invalidate(): void;
};

export function createBacklog(ports: ApplyPorts, lane: string): Backlog {
  const cached = new Map<string, ChangeRecord>();
  let unread: Unread[] = [];
  let owing: ChangeRecord[] = [];
  let through: number | undefined;
  /** The highest place that was read of a change that does not wait for its release. */
  let ready = 0;
  /** No open change follows the cached ones; later arrivals have messages of their own. */
  let complete = false;

  /** True if these are all that were open, apart from waiting ones, which come after all others in the index. */
  async function fetch(limit: number, after?: number): Promise<boolean> {
    const places: number[] = [];
    const open = await ports.ledger.openChanges(lane, limit, after, (one) => {
      unread.push(one);
      places.push(one.place);
      reportUnreadable(ports, lane, one);
    });
    const settled = open.filter(({ state }) => state === 'settled');
    await finishOwed(ports, settled);
    owing.push(...settled);
    for (const record of open) {
      if (record.state !== 'settled' && !isWaiting(record)) cached.set(refKey(record.ref), record);
      places.push(openPlace(record));
    }
    through = Math.max(through ?? 0, ...places);
    ready = Math.max(ready, ...places.filter((place) => place < WAITING_OFFSET));
    return places.length < limit || places.some((place) => place >= WAITING_OFFSET);
  }

  const inOrder = () => [...cached.values()].sort((a, b) => a.sequence - b.sequence);
  const held = () => heldBehind(inOrder(), unread);
  const unsettled = () => {
    const waiting = held();
    return inOrder().filter((record) => !waiting.has(record));
  };

  return {
    async read() {
      if (through === undefined || cached.size === 0) {
        if (through !== undefined && complete) return { unsettled: [], empty: true };
        cached.clear();
        unread = [];
        owing = [];
        through = undefined;
      }
      // A page may hold nothing that the worker can take up: only owed sends that fail, records that cannot be read, or
      // changes that must not overtake these.
      let open = unsettled();
      do {
        if (open.length >= LOOK_AHEAD) break;
        complete = await fetch(LOOK_AHEAD - open.length, through);
        open = unsettled();
      } while (!complete && open.length === 0 && !unread.some(isUntold));
      return { unsettled: open, empty: cached.size === 0 && complete };
    },
    owing: () => owing,
    heldPlaces: () => [
      ...unread.map(({ place }) => place).filter((place) => place < WAITING_OFFSET),
      ...[...held()].map(({ sequence }) => sequence),
    ],
    async hasMore() {
      if (through === undefined || !complete) return false;
      const [next] = await ports.ledger.openChanges(lane, 1, ready, () => undefined);
      return next !== undefined && next.state !== 'settled' && !isWaiting(next);
    },
    remove: (record) => cached.delete(refKey(record.ref)),
    invalidate: () => {
      through = undefined;
    },
  };
}

/** Nobody can tell what it is about, so that everything behind it waits. */
const isUntold = ({ request }: Unread) => request === undefined;
