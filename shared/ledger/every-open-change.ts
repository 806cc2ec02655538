import type { Lane } from '../domain/lane/change-ref.ts';
import { openPlace } from '../domain/ledger/schedule.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { Ledger, UnreadableChange } from '../ports/ports.ts';

const PAGE = 200;

/**
 * Reads every open change of a lane, page by page: the lowest place first, the scheduled ones last, also those that are settled
 * and still owe something. Rejects as the ledger does.
 */
export async function* everyOpenChange(
  { ledger }: { ledger: Pick<Ledger, 'openChanges'> },
  lane: Lane,
  onUnreadable: (one: UnreadableChange) => void = () => undefined,
): AsyncGenerator<ChangeRecord> {
  for (let after = 0; ; ) {
    const places: number[] = [];
    const page = await ledger.openChanges(lane, PAGE, after, (one) => {
      places.push(one.place);
      onUnreadable(one);
    });
    yield* page;
    places.push(...page.map(openPlace));
    if (places.length < PAGE) return;
    after = Math.max(...places);
  }
}
