import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import {
  endedInDoubt,
  mayBeUngrouped,
  outgrownOutcome,
  unknownOutcome,
} from '../../../shared/domain/intent/unknown-outcome.ts';
import type { FieldDifference, Rejection } from '../../../shared/domain/outcome/outcome.ts';
import { reject } from '../../../shared/domain/outcome/reject.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import { settleInOrder } from '../settle/settle-changes.ts';
import { type SettlingContext, settleIntent } from '../settle/settle-intent.ts';

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
  overtaken: FieldDifference[],
): Promise<undefined> {
  const sentence = 'ZPA answered success, and its segment groups show nothing, or only a part, of what was written';
  const takingBack = reject('outcome-unknown', sentence, { details: { differences: overtaken } });
  await settleIntent(context, { ...intent, takingBack }, []);
}

/** The rest of a move cannot be recorded, so it is not sent: people decide, at once if applications are in no group. */
export async function settleOutgrown(context: SettlingContext, intent: Intent): Promise<undefined> {
  const { lane } = context.session.lane();
  context.ports.log.error('intent is too large for its item', { lane, writeId: intent.writeId });
  return settleInDoubt(context, intent, null, outgrownOutcome(intent));
}
