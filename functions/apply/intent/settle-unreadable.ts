import { laneMismatch } from '../../../shared/domain/lane/lane-tenants.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';

import type { LaneSession } from '../lane/lane-session.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import { readMembers } from './read-members.ts';
import { type SettlingContext, settleInDoubt } from './settle-unknown.ts';

/**
 * Settles the open intent if its tenant does not belong to the lane any more: its group cannot be looked at, and the rest of
 * it must not reach another customer. Answers whether it was such a one.
 */
export async function settleUnreadable(holders: SettlingContext, intent: Intent): Promise<boolean> {
  const isUnreadable = await settleIfUnreadable(holders, intent);
  if (isUnreadable) holders.session.stage({ intent: undefined, working: undefined, trouble: undefined });
  return isUnreadable;
}

/** The same for what lies aside; the open intent and the others stay as they are. */
export async function settleUnreadableAwaiting(ports: ApplyPorts, session: LaneSession): Promise<void> {
  const left: Intent[] = [];
  const { answered = [] } = session.lane();
  for (const intent of answered) {
    const records = await readMembers(ports, intent);
    if (!(await settleIfUnreadable({ ports, session, records }, intent))) left.push(intent);
  }
  if (left.length < answered.length) session.stage({ answered: left.length === 0 ? undefined : left });
}

async function settleIfUnreadable(holders: SettlingContext, intent: Intent): Promise<boolean> {
  const { ports, session } = holders;
  const { lane } = session.lane();
  const why = laneMismatch(ports.configuration, intent.tenant, lane);
  if (why === undefined) return false;
  ports.log.error('intent cannot be looked at', { lane, writeId: intent.writeId, why });
  await settleInDoubt(holders, intent, null, why);
  return true;
}
