import { endMembers } from '../../../shared/domain/intent/outcome-after-write.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { releasedChanges, withoutReleased } from '../../../shared/ledger/release-intent.ts';
import type { LaneSession } from '../lane/lane-session.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import { settleInOrder } from '../settle/settle-changes.ts';

/** Completes what an operator released and did not settle: with the stored outcome, without a look at ZPA. */
export async function settleReleased(ports: ApplyPorts, session: LaneSession): Promise<undefined> {
  const endings = await releasedChanges(ports, session.lane());
  const { intent, answered } = withoutReleased(session.lane(), endings);
  await settleInOrder(ports, session, endings.changes, endings.unread);
  session.stage({ intent, answered, working: undefined });
}

/**
 * Settles those of the open changes whose intent ended while their records could not be read, with the outcome of then. Returns
 * whether there were any.
 */
export async function settleRestored(
  ports: ApplyPorts,
  session: LaneSession,
  open: readonly ChangeRecord[],
): Promise<boolean> {
  const { changes, unread } = endMembers(session.lane().endedUnread ?? [], open, ({ outcome }) => outcome);
  if (changes.length === 0) return false;
  await settleInOrder(ports, session, changes);
  session.stage({ endedUnread: unread.length === 0 ? undefined : unread });
  return true;
}
