import type { SegmentGroup, ZpaFault } from '../../../shared/domain/group/group.ts';
import {
  endedInDoubt,
  mayBeUngrouped,
  outgrownOutcome,
  unknownOutcome,
  unreadOutcome,
} from '../../../shared/domain/intent/unknown-outcome.ts';
import { laneMismatch } from '../../../shared/domain/lane/lane-tenants.ts';
import type { FieldDifference, Rejection } from '../../../shared/domain/outcome/outcome.ts';
import { reject } from '../../../shared/domain/outcome/reject.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import { readMembers } from '../../../shared/ledger/read-members.ts';
import type { LaneEnd, LaneHold } from '../lane/lane-hold.ts';
import { attributeUnderIntent } from '../settle/attribute-fault.ts';
import { settleInOrder } from '../settle/settle-changes.ts';
import { type SettlingContext, settleIntent } from '../settle/settle-intent.ts';
import { actOnVerdict, type StepContext } from '../settle/step-context.ts';

/**
 * Settles the members of an intent whose result is unknown, so that people decide; members before the first effect keep their own
 * endings. Clears the intent if it is the open one. `live`: the group of its last write, if that was read.
 */
export async function settleInDoubt(
  context: SettlingContext,
  intent: Intent,
  live: SegmentGroup | null,
  rejection: Rejection = unknownOutcome(intent, live),
): Promise<undefined> {
  const { ports, session, records } = context;
  const stranded = mayBeUngrouped(intent, live);
  if (stranded.length > 0) ports.meter.count('LeftUngrouped', stranded.length);
  const { changes, unread } = endedInDoubt(intent, records, rejection);
  await settleInOrder(context, changes, unread);
  if (session.lane().intent?.writeId === intent.writeId) session.stage({ intent: undefined, working: undefined });
}

/** Some or all writes do not show, somebody else may have edited since, and ZPA answered success to all: people decide. */
export async function settlePartly(
  context: SettlingContext,
  intent: Intent,
  overtaken: FieldDifference[] = [],
): Promise<undefined> {
  const sentence = 'ZPA answered success, and its segment groups show nothing, or only a part, of what was written';
  const takingBack = reject('outcome-unknown', sentence, { details: { differences: overtaken } });
  await settleIntent(context, { ...intent, takingBack });
}

/** The rest of a move cannot be recorded, so it is not sent: people decide, at once if applications are in no group. */
export async function settleOutgrown(context: SettlingContext, intent: Intent): Promise<undefined> {
  const { lane } = context.session.lane();
  context.ports.log.error('intent is too large for its item', { lane, writeId: intent.writeId });
  return settleInDoubt(context, intent, null, outgrownOutcome(intent));
}

/** Does `settleUnreadable` for the intents that await their read-back; readable ones stay as they are. */
export async function settleUnreadableAwaiting(hold: LaneHold): Promise<void> {
  const { ports, session } = hold;
  const left: Intent[] = [];
  const { answered = [] } = session.lane();
  for (const intent of answered) {
    const records = await readMembers(ports, intent);
    if (!(await settleUnreadable({ ...hold, records }, intent))) left.push(intent);
  }
  if (left.length < answered.length) session.stage({ answered: left.length === 0 ? undefined : left });
}

const REMEDY_OTHER_CUSTOMER =
  'Check the segment group in the ZPA admin portal of that customer and put it right there; then dismiss the failure, or restore the tenant in the settings and retry.';
const REMEDY_REFUSED_READ =
  'Check the segment group in the ZPA admin portal and find out why ZPA does not answer reads of it; then retry or dismiss it.';

/**
 * A read of the groups of the open intent failed. While the tenant answers other reads, this is tried again a few times; then
 * the result of the writes stays unknown, and the lane goes on. Returns an end, or undefined to go on.
 */
export async function afterFailedLook(
  context: StepContext,
  intent: Intent,
  fault: ZpaFault,
): Promise<LaneEnd | undefined> {
  const { ports, session } = context;
  const verdict = await attributeUnderIntent(context, context.records, intent, fault, 'slowly');
  if (verdict.kind !== 'reject') return actOnVerdict(context, verdict);
  const why = fault.reason ?? fault.code;
  ports.log.error('intent cannot be looked at', { lane: session.lane().lane, writeId: intent.writeId, why });
  const unread = { why, remedy: REMEDY_REFUSED_READ, zpaError: fault };
  return settleInDoubt(context, intent, null, unreadOutcome(intent, unread));
}

/**
 * Settles the intent if its tenant no longer belongs to the lane: its group cannot be read, and its remaining writes must not
 * reach another customer. Returns whether it has settled the intent.
 */
export async function settleUnreadable(context: SettlingContext, intent: Intent): Promise<boolean> {
  const { ports, session } = context;
  const { lane } = session.lane();
  const why = laneMismatch(ports.configuration, intent.tenant, lane);
  if (why === undefined) return false;
  ports.log.error('intent cannot be looked at', { lane, writeId: intent.writeId, why });
  await settleInDoubt(context, intent, null, unreadOutcome(intent, { why, remedy: REMEDY_OTHER_CUSTOMER }));
  return true;
}
