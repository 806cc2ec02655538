import { endMembers } from '../../../shared/domain/intent/outcome-after-write.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { readMembers } from '../../../shared/ledger/read-members.ts';
import { releasedChanges, withoutReleased } from '../../../shared/ledger/release-intent.ts';
import type { LaneHold } from '../lane/lane-hold.ts';
import { settleInOrder } from '../settle/settle-changes.ts';

/** Completes what an operator released and did not settle: with the stored outcome, without a look at ZPA. */
export async function settleReleased(hold: LaneHold): Promise<undefined> {
  const { ports, session } = hold;
  const endings = await releasedChanges(ports, session.lane());
  const { intent, answered } = withoutReleased(session.lane(), endings);
  await settleInOrder(hold, endings.changes, endings.unread);
  session.stage({ intent, answered, working: undefined });
}

/**
 * Settles the changes whose intent ended while their records could not be read, with the outcome of then, as soon as they can.
 * They are read by themselves too: one that is behind another unread record is not among the `open` ones. Returns whether there
 * were any.
 */
export async function settleRestored(hold: LaneHold, open: readonly ChangeRecord[]): Promise<boolean> {
  const { ports, session } = hold;
  const { endedUnread: ended = [] } = session.lane();
  if (ended.length === 0) return false;
  const restored = await readMembers(ports, { members: ended });
  const { changes, unread } = endMembers(ended, [...open, ...restored], ({ outcome }) => outcome);
  if (changes.length === 0) return false;
  await settleInOrder(hold, changes);
  session.stage({ endedUnread: unread.length === 0 ? undefined : unread });
  return true;
}
