import { refKey } from '../../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { lastAt } from '../../output/change-table.ts';

/** Keeps the newest `size` of the changes it is given; holds no more than twice as many. */
export function createNewest(size: number) {
  let kept: ChangeRecord[] = [];
  const cut = () => {
    kept = kept.toSorted(newestFirst).slice(0, size);
    return kept;
  };
  return {
    add(record: ChangeRecord): void {
      kept.push(record);
      if (kept.length >= 2 * size) cut();
    },
    /** Newest first. */
    list: (): readonly ChangeRecord[] => cut(),
  };
}

/** The keys order changes of one instant, so that a page begins where the one before it ended. */
const newestFirst = (a: ChangeRecord, b: ChangeRecord): number =>
  lastAt(b) - lastAt(a) || b.sequence - a.sequence || (refKey(a.ref) < refKey(b.ref) ? -1 : 1);
