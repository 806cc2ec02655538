import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { type ChangeRow, newestFirst } from './change-row.ts';

type Kept = { row: ChangeRow; record: ChangeRecord };

/** Keeps the newest `size` of the changes it is given; holds no more than twice as many. */
export function createNewest(size: number) {
  let kept: Kept[] = [];
  const cut = () => {
    kept = kept.toSorted((a, b) => newestFirst(a.row, b.row)).slice(0, size);
    return kept;
  };
  return {
    add(row: ChangeRow, record: ChangeRecord): void {
      kept.push({ row, record });
      if (kept.length >= 2 * size) cut();
    },
    /** Newest first. */
    list: (): readonly ChangeRecord[] => cut().map(({ record }) => record),
  };
}
