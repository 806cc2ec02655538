import type { Lane } from '../../../../shared/domain/lane/change-ref.ts';
import { refKey } from '../../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { type ChangeRow, isOpenRow, newestFirst, rowOf } from '../../changes/change-row.ts';

/** More rows than these are not kept, by which memory stays below some hundred megabytes. */
const MOST_ROWS = 250_000;

type Kept = { row: ChangeRow; pass: number };

/** One row of each change that was read, newest first. */
export type ChangeIndex = ReturnType<typeof createChangeIndex>;

/**
 * Keeps the newest `most` changes, and every open one, as rows. A record that is older than the one that a row was made of changes
 * nothing, so that records may arrive in any order.
 */
export function createChangeIndex(most = MOST_ROWS) {
  const kept = new Map<string, Kept>();
  const open = new Map<Lane, Set<string>>();
  const texts = new Map<string, string>();
  let sorted: readonly ChangeRow[] | undefined;
  let keptSince = Number.NEGATIVE_INFINITY;

  const keyOf = ({ ref }: Pick<ChangeRow, 'ref'>) => `${ref.lane} ${refKey(ref)}`;
  const openIn = (lane: Lane) => open.get(lane) ?? new Set<string>();

  /** The same name of a group or tenant stands in thousands of rows, and is kept once. */
  function shared(text: string): string {
    const found = texts.get(text);
    if (found !== undefined) return found;
    texts.set(text, text);
    return text;
  }

  function put(record: ChangeRecord, pass = 0): void {
    const row = rowOf(record);
    const key = keyOf(row);
    const before = kept.get(key);
    if (before !== undefined) before.pass = Math.max(before.pass, pass);
    if (before !== undefined && before.row.version >= row.version) return;
    if (!isOpenRow(row) && row.at < keptSince) return;
    const { lane, source, tenant, idempotencyKey } = row.ref;
    const ref = { lane: shared(lane), source: shared(source), tenant: shared(tenant), idempotencyKey };
    kept.set(key, { row: { ...row, ref, groups: shared(row.groups) }, pass: before?.pass ?? pass });
    const ofLane = openIn(lane);
    if (isOpenRow(row)) open.set(ref.lane, ofLane.add(key));
    else ofLane.delete(key);
    sorted = undefined;
    if (kept.size > most * 1.1) cut();
  }

  function remove(key: string): void {
    const one = kept.get(key);
    if (one === undefined) return;
    kept.delete(key);
    openIn(one.row.ref.lane).delete(key);
    sorted = undefined;
  }

  /** Removes the oldest settled ones above `most`, and the texts that no row has any more. */
  function cut(): void {
    const rows = list();
    keptSince = rows[most - 1]?.at ?? keptSince;
    for (const row of rows.slice(most)) if (!isOpenRow(row)) remove(keyOf(row));
    texts.clear();
    for (const { row } of kept.values()) {
      row.groups = shared(row.groups);
      for (const text of [row.ref.lane, row.ref.source, row.ref.tenant]) shared(text);
    }
  }

  function list(): readonly ChangeRow[] {
    sorted ??= [...kept.values()].map(({ row }) => row).sort(newestFirst);
    return sorted;
  }

  return {
    /** `pass`: the complete reading of the lane that it was read in; 0: it was read by itself. */
    put,
    /** Newest first. */
    list,
    /** The open changes of a lane, as far as they are known. */
    openOf: (lane: Lane): readonly ChangeRow[] =>
      [...openIn(lane)].map((key) => kept.get(key)?.row).filter((row) => row !== undefined),
    /** A change that is in the ledger no more. */
    remove: (row: Pick<ChangeRow, 'ref'>) => remove(keyOf(row)),
    /** Removes the settled changes of a lane that a complete reading, which has begun after `at`, has not met: the ledger forgot them. */
    forgetUnmet(lane: Lane, pass: number, at: number): void {
      for (const [key, one] of [...kept]) {
        const { ref, at: ended } = one.row;
        if (ref.lane === lane && one.pass < pass && !isOpenRow(one.row) && ended < at) remove(key);
      }
    },
    /** Settled changes older than this instant are not kept; undefined: all are. */
    get keptSince() {
      return Number.isFinite(keptSince) ? keptSince : undefined;
    },
  };
}
