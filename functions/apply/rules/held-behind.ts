import { WAITING_OFFSET } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { shares } from './choose-step.ts';

/** An open change that cannot be read, as far as others have to wait for it. */
export type Unread = { place: number; request?: Pick<ChangeRecord, 'ref' | 'change'> | undefined };

/**
 * The changes that must not overtake one that cannot be read: those behind it that share its group, a name, an application or its
 * change set with it, or with another that waits so; all behind it if nobody can tell what it is about. A scheduled one has no
 * place yet; the sweeper lets nothing overtake it.
 */
export function heldBehind(open: readonly ChangeRecord[], unread: readonly Unread[]): Set<ChangeRecord> {
  const held = new Set<ChangeRecord>();
  const ahead: Unread[] = unread.filter(({ place }) => place < WAITING_OFFSET);
  for (const record of open) {
    const mustWait = ahead.some(({ place, request }) => {
      if (place >= record.sequence) return false;
      return request === undefined || shares(request, record);
    });
    if (!mustWait) continue;
    held.add(record);
    ahead.push({ place: record.sequence, request: record });
  }
  return held;
}
