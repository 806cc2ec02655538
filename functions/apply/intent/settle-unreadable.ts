import { laneMismatch } from '../../../shared/domain/lane/lane-tenants.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';

import type { LaneSession } from '../lane/lane-session.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import { readMembers } from './read-members.ts';
import { type SettlingContext, settleInDoubt } from './settle-unknown.ts';

/**
 * Settles the open intent if its tenant no longer belongs to the lane: its group cannot be read, and its remaining writes must
 * not reach another customer. Returns whether it has settled the intent.
 */
export async function settleUnreadable(context: SettlingContext, intent: Intent): Promise<boolean> {
  const isUnreadable = await settleIfUnreadable(context, intent);
  if (isUnreadable) context.session.stage({ intent: undefined, working: undefined });
  return isUnreadable;
}

/** Does the same for intents that await their read-back; the open intent and readable ones stay as they are. */
export async function settleUnreadableAwaiting(ports: ApplyPorts, session: LaneSession): Promise<void> {
  const left: Intent[] = [];
  const { answered = [] } = session.lane();
  for (const intent of answered) {
    const records = await readMembers(ports, intent);
    if (!(await settleIfUnreadable({ ports, session, records }, intent))) left.push(intent);
  }
  if (left.length < answered.length) session.stage({ answered: left.length === 0 ? undefined : left });
}

async function settleIfUnreadable(context: SettlingContext, intent: Intent): Promise<boolean> {
  const { ports, session } = context;
  const { lane } = session.lane();
  const why = laneMismatch(ports.configuration, intent.tenant, lane);
  if (why === undefined) return false;
  ports.log.error('intent cannot be looked at', { lane, writeId: intent.writeId, why });
  await settleInDoubt(context, intent, null, why);
  return true;
}
