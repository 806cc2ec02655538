import { mayUpdate } from '../../../shared/domain/change/if-exists.ts';
import { sameContent } from '../../../shared/domain/decide/group-content.ts';
import type { ZpaFault } from '../../../shared/domain/group/group.ts';
import { cancelRequestOf } from '../../../shared/domain/ledger/cancellation.ts';
import { freezesOf, mayStartUntil } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent, PlannedWrite, ZpaWrite } from '../../../shared/domain/records/intent.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import { readGroup } from '../../../shared/reading/read-live.ts';
import type { LaneEnd } from '../lane/ports.ts';
import { hasTimeToWrite, waitInPlace } from '../lane/wait-in-place.ts';
import { decidableAt, writeAtCursor } from '../rules/judge-intent.ts';
import { attributeFault, waitForRead } from '../settle/attribute-fault.ts';
import { actOnVerdict, isBegun, type StepContext } from '../settle/step-context.ts';
import { compensate } from './compensate.ts';
import { deferReadBack } from './defer-read-back.ts';
import { fallBackToV1 } from './fall-back-to-v1.ts';
import { settleReadBack } from './read-back.ts';
import { rebaseWrite } from './rebase-write.ts';

/**
 * Sends the writes of an intent, from its cursor on, each one once. The intent is stored before every write; what
 * became of a write without a definite answer is judged by `recover-intent.ts`, in a later turn. `resumed`: time has passed
 * since the groups were read, so each is read again before it is written.
 */
export async function sendWrites(context: StepContext, stored: Intent, resumed = false): Promise<LaneEnd | undefined> {
  const { ports, session, invocation } = context;
  let intent = stored;
  while (writeAtCursor(intent) !== undefined) {
    if (isBegun(intent)) await session.waitForBudget(invocation.signal, { reads: resumed ? 1 : 0, writes: 1 });
    if (!hasTimeToWrite(ports, session, invocation)) return outOfTime(context, intent);
    const next = await sendNext(context, intent, resumed);
    if (next.kind === 'ended') return next.end;
    intent = next.intent;
  }
  return deferReadBack(context, intent) ? undefined : settleReadBack(context, intent);
}

type Next = { kind: 'answered'; intent: Intent } | { kind: 'ended'; end: LaneEnd | undefined };
const ended = (end: LaneEnd | undefined): Next => ({ kind: 'ended', end });

/** The write at the cursor: looked at again if need be, stored, sent. */
async function sendNext(context: StepContext, stored: Intent, resumed: boolean): Promise<Next> {
  const { ports, session, invocation, zpa } = context;
  const prepared = await prepare(context, stored, resumed);
  if (prepared.kind !== 'send') return prepared;
  const { planned } = prepared;
  const writes = stored.writes.map((one, index) => (index === stored.cursor ? planned : one));
  const sendBefore = latestStart(context, stored);
  // Its window has closed, or a freeze has begun, since it was taken up.
  if (sendBefore <= ports.clock.now()) return ended(abandonWrite(context));
  const intent = { ...stored, writes, sendBefore };
  await session.save({ intent });
  if (!isBegun(intent) && (await isCancelRequested(context))) return ended(abandonWrite(context));
  if (!hasTimeToWrite(ports, session, invocation)) return ended(outOfTime(context, intent));
  session.markWriteStart();
  try {
    const { groupId } = await zpa.write(planned.write, planned.before, { sendBefore: intent.sendBefore });
    return { kind: 'answered', intent: afterAnswer(intent, planned, groupId, ports.clock.now()) };
  } catch (error) {
    if (!isZpaFault(error)) throw error;
    return ended(await afterFault(context, intent, planned, error.fault));
  }
}

/** A write is sent soon or not at all, and a first one before the windows of its changes close; what is begun is finished. */
function latestStart({ ports, records }: StepContext, intent: Intent): number {
  const soon = ports.clock.now() + ports.timing.sendWithinMs;
  if (isBegun(intent)) return soon;
  const freezes = freezesOf(ports.configuration, intent.tenant);
  return Math.min(soon, ...records.map(({ change }) => mayStartUntil(change, freezes, soon)));
}

async function prepare(
  context: StepContext,
  intent: Intent,
  resumed: boolean,
): Promise<Next | { kind: 'send'; planned: PlannedWrite }> {
  const planned = writeAtCursor(intent);
  if (planned === undefined) throw new Error(`intent ${intent.writeId} has no write left`);
  if (!resumed || !isBegun(intent)) return { kind: 'send', planned };
  try {
    const fresh = await rebaseWrite(context, planned);
    if (fresh.kind === 'send') return fresh;
    if (fresh.kind === 'done') {
      return { kind: 'answered', intent: afterAnswer(intent, planned, '', context.ports.clock.now()) };
    }
    if (await ignoresDeltas(context, intent)) return ended(undefined);
    return ended(await compensate(context, intent, fresh.fault, runResumed));
  } catch (error) {
    if (!isZpaFault(error)) throw error;
    context.session.stage({ intent: { ...intent, sendBefore: 0 } });
    return ended(await waitForRead(context, error.fault));
  }
}

const runResumed = (context: StepContext, intent: Intent) => sendWrites(context, intent, true);

function afterAnswer(intent: Intent, { write }: PlannedWrite, groupId: string, now: number): Intent {
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
  session.stage({ intent: isBegun(intent) ? { ...intent, sendBefore: 0 } : undefined });
  return { kind: 'again' };
}

/**
 * Whoever asks a change back writes that into the change, then looks for an open intent; here the intent is written, then
 * the changes are looked at. One of the two sees the other (docs/adr/0006-cancelling.md).
 */
async function isCancelRequested({ ports, records }: StepContext): Promise<boolean> {
  const found = await Promise.all(records.map(({ ref }) => ports.ledger.readChange(ref)));
  return found.some((record, index) => !isUnchangedSince(record, records[index]));
}

const isUnchangedSince = (found: ChangeRecord | undefined, known: ChangeRecord | undefined): boolean =>
  found !== undefined &&
  found.state !== 'settled' &&
  found.generation === known?.generation &&
  cancelRequestOf(found) === undefined;

/** Nothing was sent: the step is taken anew, without what was asked back or may not start any more. */
function abandonWrite({ session }: StepContext): undefined {
  session.backlog.invalidate();
  session.stage({ intent: undefined });
}

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
    return waitInPlace(ports, session, invocation, decidableAt(intent, ports.timing), 'outcome-unknown');
  }
  if (!isBegun(intent)) {
    session.stage({ intent: undefined });
    if (fault.code === 'no-such-route' && fallBackToV1(context, write)) return undefined;
    if (fault.code === 'already-exists' && (await isUpdateNow(context, write))) return undefined;
    return actOnVerdict(context, await attributeFault(context, records, fault, write.kind));
  }
  session.stage({ intent: { ...intent, sendBefore: 0 } });
  if (fault.code === 'too-late') return undefined;
  if (fault.scope !== 'change' || fault.class === 'transient') return waitForRead(context, fault);
  if (await ignoresDeltas(context, intent)) return undefined;
  return compensate(context, intent, fault, runResumed);
}

/** Somebody took the name of a create since it was looked up, and the create is to update such a group: it is decided anew. */
async function isUpdateNow(
  { zpa, invocation, records, microtenantId }: StepContext,
  write: ZpaWrite,
): Promise<boolean> {
  if (write.kind !== 'create' || !records.some(({ change }) => mayUpdate(change))) return false;
  const found = await zpa.findGroups(write.name, { microtenantId, signal: invocation.signal });
  return found.length > 0;
}

/** The refusal may only show that a tenant's v2 ignored the writes before: then they are sent anew, through v1. */
async function ignoresDeltas(context: StepContext, intent: Intent): Promise<boolean> {
  const { session, zpa, invocation, microtenantId } = context;
  const [first] = intent.writes;
  if (first?.write.kind !== 'update' || first.before === null || intent.takingBack !== undefined) return false;
  const found = await readGroup(zpa, first.write.groupId, { microtenantId, signal: invocation.signal });
  if (found.kind !== 'found' || !sameContent(found.value, first.before) || !fallBackToV1(context, first.write))
    return false;
  session.stage({ intent: undefined });
  return true;
}
