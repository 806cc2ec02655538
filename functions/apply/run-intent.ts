import { cancelRequestOf } from '../../shared/domain/cancel.ts';
import type { ZpaFault } from '../../shared/domain/group.ts';
import { decidingAt, writeAtCursor } from '../../shared/domain/judge-intent.ts';
import type { Intent, PlannedWrite } from '../../shared/domain/records.ts';
import { isZpaFault } from '../../shared/zpa-fault.ts';
import type { LaneEnd } from './apply-ports.ts';
import { finishAnswered } from './finish-answered.ts';
import { follow, type StepContext } from './step-context.ts';
import { takeBack } from './take-back.ts';
import { useV1 } from './use-v1.ts';
import { hasTime, waitUntil } from './wait-until.ts';
import { unreadable, whoseFault } from './whose-fault.ts';

/**
 * Sends the writes of an intent, from its cursor on, each one once. The intent is stored before every write; what
 * became of a write without a definite answer is judged by `finish-intent.ts`, in a later turn.
 */
export async function runIntent(context: StepContext, stored: Intent): Promise<LaneEnd | undefined> {
  const { ports, session, invocation, zpa } = context;
  let intent = stored;
  for (let planned = writeAtCursor(intent); planned !== undefined; planned = writeAtCursor(intent)) {
    if (intent.cursor > 0) await session.roomToWrite(invocation.signal);
    if (!hasTime(ports, session, invocation)) return outOfTime(context, intent);
    intent = { ...intent, sendBefore: ports.clock.now() + ports.timing.sendWithinMs };
    await session.save({ intent });
    if (!isBegun(intent) && (await isAskedBack(context))) return outOfTurn(context);
    if (!hasTime(ports, session, invocation)) return outOfTime(context, intent);
    try {
      const { groupId } = await zpa.write(planned.write, planned.before, { sendBefore: intent.sendBefore });
      intent = answered(intent, planned, groupId, ports.clock.now());
    } catch (error) {
      if (!isZpaFault(error)) throw error;
      return afterFault(context, intent, planned, error.fault);
    }
  }
  return finishAnswered(context, intent);
}

function answered(intent: Intent, { write }: PlannedWrite, groupId: string, now: number): Intent {
  const { unanswered: _unanswered, ...rest } = intent;
  return {
    ...rest,
    cursor: intent.cursor + 1,
    sendBefore: 0,
    ...(write.kind === 'create' && { createdId: groupId }),
    ...(intent.writes.length > 1 && { openSince: intent.openSince ?? now }),
  };
}

/** Nothing of this write was sent: a first write is forgotten, a later one is next invocation's first act. */
function outOfTime({ session }: StepContext, intent: Intent): LaneEnd {
  session.note({ intent: isBegun(intent) ? { ...intent, sendBefore: 0 } : undefined });
  return { kind: 'again' };
}

/**
 * Whoever asks a change back writes that into the change, then looks for an open intent; here the intent is written, then
 * the changes are looked at. One of the two sees the other (docs/adr/0006-cancelling.md).
 */
async function isAskedBack({ ports, records }: StepContext): Promise<boolean> {
  const found = await Promise.all(records.map(({ ref }) => ports.ledger.readChange(ref)));
  return found.some((record) => record === undefined || cancelRequestOf(record) !== undefined);
}

/** Nothing was sent: the step is taken anew, without what was asked back. */
function outOfTurn({ session }: StepContext): undefined {
  session.note({ intent: undefined });
}

/** Something was done already, or is being taken back: it must be brought to an end. */
export const isBegun = (intent: Intent): boolean => intent.cursor > 0 || intent.takingBack !== undefined;

async function afterFault(
  context: StepContext,
  intent: Intent,
  { write }: PlannedWrite,
  fault: ZpaFault,
): Promise<LaneEnd | undefined> {
  const { ports, session, invocation, records } = context;
  if (fault.effect === 'unknown') {
    ports.log.warn('write without a definite answer', { lane: session.lane().lane, code: fault.code });
    ports.meter.count('WriteUnanswered', 1);
    await session.save({ intent: { ...intent, unanswered: fault.code } });
    return waitUntil(ports, session, invocation, decidingAt(intent, ports.timing), 'outcome-unknown');
  }
  if (!isBegun(intent)) {
    session.note({ intent: undefined });
    if (fault.code === 'no-such-route' && useV1(context, write)) return undefined;
    return follow(context, await whoseFault(context, records, fault));
  }
  session.note({ intent: { ...intent, sendBefore: 0 } });
  if (fault.code === 'too-late') return undefined;
  if (fault.scope !== 'change' || fault.class === 'transient') return unreadable(context, fault);
  return takeBack(context, intent, fault, runIntent);
}
