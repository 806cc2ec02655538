import { mayUpdate } from '../../../shared/domain/change/if-exists.ts';
import type { ZpaFault } from '../../../shared/domain/group/group.ts';
import { decidableAt, isBegun, writeAtCursor } from '../../../shared/domain/intent/intent-writes.ts';
import { cancelRequestOf } from '../../../shared/domain/ledger/cancellation.ts';
import { freezesOf, mayStartUntil } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent, PlannedWrite, ZpaWrite } from '../../../shared/domain/records/intent.ts';
import { zpaFaultOf } from '../../../shared/ports/zpa-fault.ts';
import type { LaneEnd } from '../lane/lane-hold.ts';
import { noteClient } from '../lane/note-client.ts';
import { storeIntent } from '../lane/store-intent.ts';
import { hasTimeToWrite, waitInPlace } from '../lane/wait-in-place.ts';
import { advanceCursor } from '../rules/judge-intent.ts';
import { actOnFault, type StepContext } from '../settle/step-context.ts';
import { waitForTenant } from '../settle/tenant-fault.ts';
import { compensate, type Next, retryOrCompensate } from './compensate.ts';
import { deferReadBack } from './defer-read-back.ts';
import { holdIfIgnored, noSuchVersion } from './ignored-deltas.ts';
import { settleReadBack } from './read-back.ts';
import { rebaseWrite } from './rebase-write.ts';
import { rememberWrites } from './remember-writes.ts';
import { settleOutgrown } from './settle-unknown.ts';

/**
 * Sends the writes of an intent from its cursor on, each of them once. The intent is stored before every write. A write
 * without a definite answer is judged by `recover-intent.ts` in a later turn. Time passes with each write, so every write but
 * the first is rebased onto a fresh read of its group.
 */
export async function sendWrites(context: StepContext, stored: Intent): Promise<LaneEnd | undefined> {
  const { session, scope } = context;
  let intent = stored;
  while (writeAtCursor(intent) !== undefined) {
    if (isBegun(intent)) {
      // A silence that ZPA asked for may outlast the invocation, and what was decided about the move with it.
      const freeAt = session.budgetFreeAt({ reads: 0, writes: 1 });
      const waiting = await waitInPlace(context, freeAt, 'rate-limited');
      if (waiting !== undefined) {
        outOfTime(context, intent);
        return waiting;
      }
      await session.waitForBudget(scope.signal, { reads: 1, writes: 1 });
    }
    if (!hasTimeToWrite(context)) return outOfTime(context, intent);
    const next = await sendNext(context, intent);
    if ('end' in next) return next.end;
    rememberWrites(context, next.sent ?? next.intent, intent.cursor);
    intent = next.intent;
  }
  return deferReadBack(context, intent) ? undefined : settleReadBack(context, intent);
}

/** Does what comes next under an open intent. */
export const goOn = async (context: StepContext, next: Next): Promise<LaneEnd | undefined> =>
  'end' in next ? next.end : sendWrites(context, next.intent);

/**
 * Sends the write at the cursor: rebases it unless it is the first, stores the intent, then sends. `sent`: the intent with the
 * write as it was sent, where the stored one says less.
 */
async function sendNext(context: StepContext, stored: Intent): Promise<Next & { sent?: Intent }> {
  const { ports, session, zpa } = context;
  const prepared = await prepare(context, stored);
  if (!('planned' in prepared)) return prepared;
  const { planned } = prepared;
  const sendBefore = latestStart(context, stored);
  // The window has closed, or a freeze has begun, since the step was taken up.
  if (sendBefore <= ports.clock.now()) return { end: abandonWrite(context) };
  noteClient(session, zpa, stored.tenant);
  const saved = await storeIntent(session, { ...stored, sendBefore }, planned);
  if (saved === undefined) return { end: await settleOutgrown(context, { ...stored, sendBefore: 0 }) };
  const { intent, sent } = saved;
  if (!isBegun(intent) && (await isCancelRequested(context))) return { end: abandonWrite(context) };
  if (!hasTimeToWrite(context)) return { end: outOfTime(context, intent) };
  session.markWriteStart();
  try {
    const { groupId } = await zpa.write(planned.write, planned.before, { sendBefore: intent.sendBefore });
    const answered = (one: Intent) => advanceCursor(one, groupId, ports.clock.now());
    return { intent: answered(intent), sent: answered(sent) };
  } catch (error) {
    return afterFault(context, intent, planned, zpaFaultOf(error));
  }
}

/**
 * A write is sent soon or not at all. A first write is sent before the windows of its changes close; later writes of a
 * move ignore the windows.
 */
function latestStart({ ports, records }: StepContext, intent: Intent): number {
  const soon = ports.clock.now() + ports.timing.sendWithinMs;
  if (isBegun(intent)) return soon;
  const freezes = freezesOf(ports.configuration, intent.tenant);
  return Math.min(soon, ...records.map(({ change }) => mayStartUntil(change, freezes, soon)));
}

async function prepare(context: StepContext, intent: Intent): Promise<Next | { planned: PlannedWrite }> {
  const planned = writeAtCursor(intent);
  if (planned === undefined) throw new Error(`intent ${intent.writeId} has no write left`);
  if (!isBegun(intent)) return { planned };
  try {
    const rebased = await rebaseWrite(context, intent, planned);
    if (rebased.kind === 'send') return rebased;
    if (rebased.kind === 'done') return { intent: advanceCursor(intent, undefined, context.ports.clock.now()) };
    return await afterRefusal(context, { ...intent, sendBefore: 0 }, rebased.fault);
  } catch (error) {
    return retryOrCompensate(context, { ...intent, sendBefore: 0 }, zpaFaultOf(error));
  }
}

/** This write was not sent: a first write is dropped, a later one is the first act of the next invocation. */
function outOfTime({ session }: StepContext, intent: Intent): LaneEnd {
  session.stage({ intent: isBegun(intent) ? { ...intent, sendBefore: 0 } : undefined });
  return { kind: 'again' };
}

/**
 * A canceller stores its request in the change and then reads the lane for an open intent. The worker stores the intent and
 * then reads the changes. So one of the two sees the other (docs/adr/0006-cancelling.md).
 */
async function isCancelRequested({ ports, records }: StepContext): Promise<boolean> {
  const found = await Promise.all(records.map(({ ref }) => ports.ledger.readChange(ref)));
  return found.some((record, index) => !isUnchangedSince(record, records[index]));
}

const isUnchangedSince = (found: ChangeRecord | undefined, earlier: ChangeRecord | undefined): boolean =>
  found !== undefined &&
  found.state !== 'settled' &&
  found.generation === earlier?.generation &&
  cancelRequestOf(found) === undefined;

/** The write was not sent: the step is taken again, without changes that are cancelled or may not start any more. */
function abandonWrite({ session }: StepContext): undefined {
  session.backlog.invalidate();
  session.stage({ intent: undefined });
}

/** The consequence of a failed write: unanswered, refused as a first write, or refused within a move. */
async function afterFault(
  context: StepContext,
  intent: Intent,
  { write }: PlannedWrite,
  answer: ZpaFault,
): Promise<Next> {
  const { ports, session } = context;
  const fault = noSuchVersion(intent, write, answer) ?? answer;
  if (fault.effect === 'unknown') {
    ports.log.warn('write without a definite answer', { lane: session.lane().lane, code: fault.code });
    ports.meter.count('WriteUnanswered', 1);
    await session.save({ intent: { ...intent, unanswered: fault.code } });
    return { end: await waitInPlace(context, decidableAt(intent, ports.timing), 'outcome-unknown') };
  }
  if (!isBegun(intent)) {
    session.stage({ intent: undefined });
    if (fault.code === 'already-exists' && (await isUpdateNow(context, write))) return { end: undefined };
    return { end: await actOnFault(context, fault, { write: write.kind }) };
  }
  const rest = { ...intent, sendBefore: 0 };
  session.stage({ intent: rest });
  if (fault.code === 'too-late') return { end: undefined };
  if (fault.scope !== 'change' && fault.code !== 'rate-limited') return { end: await waitForTenant(context, fault) };
  if (fault.class === 'transient') return retryOrCompensate(context, rest, fault);
  return afterRefusal(context, rest, fault);
}

/** The rest of a move is refused: it is compensated, unless v2 has moved nothing. */
const afterRefusal = (context: StepContext, intent: Intent, refusal: ZpaFault) =>
  unlessIgnored(context, intent, () => compensate(context, intent, refusal));

/** Goes on with the rest of a move; `lookedAt` says that it was refused, and the finished writes did not show then. */
export async function resumeMove(context: StepContext, intent: Intent): Promise<LaneEnd | undefined> {
  const { lookedAt, ...rest } = intent;
  const next = { intent: rest };
  return goOn(context, lookedAt === undefined ? next : await unlessIgnored(context, intent, async () => next));
}

async function unlessIgnored(context: StepContext, intent: Intent, otherwise: () => Promise<Next>): Promise<Next> {
  try {
    return (await holdIfIgnored(context, intent)) ?? (await otherwise());
  } catch (error) {
    return retryOrCompensate(context, intent, zpaFaultOf(error));
  }
}

/**
 * A group with the name of the create exists by now, and the change may update such a group: the change is decided
 * again.
 */
async function isUpdateNow({ zpa, scope, records }: StepContext, write: ZpaWrite): Promise<boolean> {
  if (write.kind !== 'create' || !records.some(({ change }) => mayUpdate(change))) return false;
  const found = await zpa.findGroups(write.name, scope);
  return found.length > 0;
}
