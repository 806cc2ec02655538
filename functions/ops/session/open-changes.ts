import { openPlace } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Ledger } from '../../../shared/ports/ports.ts';

const PAGE = 100;

/**
 * Takes every open change of a lane, page by page, also those that are settled and still owe something. `onUnreadable`
 * gets the keys of records that cannot be read.
 */
export async function forEachOpenChange(
  ledger: Pick<Ledger, 'openChanges'>,
  lane: string,
  take: (record: ChangeRecord) => void,
  onUnreadable: (key: string) => void,
): Promise<void> {
  for (let after = 0; ; ) {
    const unread: number[] = [];
    const page = await ledger.openChanges(lane, PAGE, after, ({ key, place }) => {
      onUnreadable(key);
      unread.push(place);
    });
    page.forEach(take);
    if (page.length + unread.length < PAGE) return;
    after = Math.max(...page.map(openPlace), ...unread);
  }
}
