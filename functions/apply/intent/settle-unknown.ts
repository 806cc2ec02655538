import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import {
  endedInDoubt,
  mayBeUngrouped,
  outgrownOutcome,
  type Unread,
  unknownOutcome,
  unreadOutcome,
} from '../../../shared/domain/intent/unknown-outcome.ts';
import type { FieldDifference, Rejection } from '../../../shared/domain/outcome/outcome.ts';
import { reject } from '../../../shared/domain/outcome/reject.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import { settleInOrder } from '../settle/settle-changes.ts';
import { settleIntent } from '../settle/settle-intent.ts';
import type { StepContext } from '../settle/step-context.ts';

/** The part of a step context that settling needs; ZPA is not called. */
export type SettlingContext = Pick<StepContext, 'ports' | 'session' | 'records'>;

/** The group is neither as before nor as intended: people decide. Clears the open intent. */
export async function settleUnknown(
  context: SettlingContext,
  intent: Intent,
  live: SegmentGroup | null,
): Promise<void> {
  await settleInDoubt(context, intent, live);
  context.session.stage({ intent: undefined, working: undefined });
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

/**
 * Settles the members of an intent whose outcome is unknown; members before the first effect keep their own endings.
 * `unread`: its group cannot be read.
 */
export async function settleInDoubt(
  context: SettlingContext,
  intent: Intent,
  live: SegmentGroup | null,
  unread?: Unread,
): Promise<void> {
  const rejection = unread === undefined ? unknownOutcome(intent, live) : unreadOutcome(intent, unread);
  await settleStopped(context, intent, live, rejection);
}

/** The rest of a move cannot be recorded, so it is not sent: people decide, at once if applications are in no group. */
export async function settleOutgrown(context: SettlingContext, intent: Intent): Promise<undefined> {
  const { session } = context;
  context.ports.log.error('intent has outgrown its item', { lane: session.lane().lane, writeId: intent.writeId });
  await settleStopped(context, intent, null, outgrownOutcome(intent));
  session.stage({ intent: undefined, working: undefined });
}

async function settleStopped(
  { ports, session, records }: SettlingContext,
  intent: Intent,
  live: SegmentGroup | null,
  rejection: Rejection,
): Promise<void> {
  const stranded = mayBeUngrouped(intent, live);
  if (stranded.length > 0) ports.meter.count('LeftUngrouped', stranded.length);
  const { changes, unread } = endedInDoubt(intent, records, rejection);
  await settleInOrder(ports, session, changes, unread);
}
