import { releasedChanges, withoutReleased } from '../../../shared/ledger/release-intent.ts';
import type { LaneSession } from '../lane/lane-session.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import { settleInOrder } from '../settle/settle-changes.ts';

/** Completes what an operator released and did not settle: with the stored outcome, without a look at ZPA. */
export async function settleReleased(ports: ApplyPorts, session: LaneSession): Promise<undefined> {
  const changes = await releasedChanges(ports, session.lane());
  await settleInOrder(ports, session, changes);
  const { intent, answered } = withoutReleased(session.lane(), changes);
  session.stage({ intent, answered, working: undefined });
}
