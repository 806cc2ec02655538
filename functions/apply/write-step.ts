import type { FoldedStep } from '../../shared/domain/fold-step.ts';
import type { SegmentGroup } from '../../shared/domain/group.ts';
import { type Answered, decidingAt, judgeAnswered } from '../../shared/domain/judge-intent.ts';
import type { ChangeRecord, Intent, ZpaWrite } from '../../shared/domain/records.ts';
import { reject } from '../../shared/domain/reject.ts';
import { readGroup } from '../../shared/read-live.ts';
import { isZpaFault } from '../../shared/zpa-fault.ts';
import type { LaneEnd } from './apply-ports.ts';
import { endedAs, settleInOrder } from './settle-step.ts';
import { follow, memberOf, type StepContext } from './step-context.ts';
import { hasTime, waitUntil } from './wait-until.ts';
import { unreadable, type Verdict, whoseFault } from './whose-fault.ts';

/** Reads after a write that do not show it yet: ZPA is seen to be consistent at once, but nobody promised it. */
const READ_BACK_PAUSES_MS = [0, 1000, 3000];

/** Stores the intent, writes once, reads back, settles. */
export async function writeStep(
  context: StepContext,
  folded: FoldedStep,
  write: ZpaWrite,
): Promise<LaneEnd | undefined> {
  const { ports, session, invocation, zpa, records } = context;
  const intent = intentOf(context, folded, write);
  if (!hasTime(ports, session, invocation)) return { kind: 'again' };
  try {
    await session.save({ intent });
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    return follow(context, tooLarge(records));
  }
  if (!hasTime(ports, session, invocation)) {
    session.note({ intent: undefined });
    return { kind: 'again' };
  }
  try {
    const { groupId } = await zpa.write(write, folded.before, { sendBefore: intent.sendBefore });
    return await finishAnswered(context, { ...intent, cursor: 1, createdId: groupId });
  } catch (error) {
    if (!isZpaFault(error)) throw error;
    if (error.fault.effect === 'none') {
      session.note({ intent: undefined });
      if (error.fault.code === 'no-such-route' && useV1(context, write)) return undefined;
      return follow(context, await whoseFault(context, records, error.fault));
    }
    ports.log.warn('write without a definite answer', { lane: session.lane().lane, code: error.fault.code });
    ports.meter.count('WriteUnanswered', 1);
    await session.save({ intent: { ...intent, unanswered: error.fault.code } });
    return waitUntil(ports, session, invocation, decidingAt(intent, ports.timing), 'outcome-unknown');
  }
}

const isTooLarge = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'record-too-large';

/** An intent must fit one ledger item: what does not fit is taken in smaller steps, or not at all. */
function tooLarge(records: readonly ChangeRecord[]): Verdict {
  if (records.length > 1) return { kind: 'one-by-one' };
  const sentence = 'the change touches more application segments than one write can be recorded for';
  const remedy = 'Split it into changes of fewer application segments.';
  return { kind: 'reject', rejection: reject('guarded', sentence, { remedy }) };
}

function intentOf(context: StepContext, folded: FoldedStep, write: ZpaWrite): Intent {
  const { ports, records } = context;
  return {
    writeId: ports.chance.id(),
    tenant: records[0]?.change.tenant ?? '',
    members: records.map((record, index) => {
      const ending = folded.endings[index];
      if (ending === undefined) throw new Error('each change has an ending');
      return { ...memberOf(record), ending };
    }),
    writes: [write],
    cursor: 0,
    before: folded.before,
    sendBefore: ports.clock.now() + ports.timing.sendWithinMs,
  };
}

/** ZPA said yes: read back, record what somebody else did since, settle in lane order. */
export async function finishAnswered(context: StepContext, intent: Intent): Promise<LaneEnd | undefined> {
  const { ports, session, records } = context;
  const groupId = intent.createdId ?? intent.before?.id ?? '';
  let seen: { answered: Answered; live: SegmentGroup | null };
  try {
    seen = await readBack(context, intent, groupId);
  } catch (error) {
    // The write is certain, only the look at it is missing: a later turn looks.
    await session.save({ intent });
    if (isZpaFault(error)) return unreadable(context, error.fault);
    throw error;
  }
  if (seen.answered.verdict === 'without-effect') return retryWithoutEffect(context, intent);
  if (seen.answered.overtaken.length > 0) ports.meter.count('Overtaken', 1);
  await settleIntent(context, records, intent, seen.answered, groupId);
  learnWriter(context, intent, seen);
  return undefined;
}

/** Settles every member of an intent that took effect, and lets go of it. */
export async function settleIntent(
  { ports, session }: StepContext,
  records: readonly ChangeRecord[],
  intent: Intent,
  answered: Pick<Answered, 'overtaken'>,
  groupId: string,
): Promise<void> {
  const written = { writeId: intent.writeId, groupId, overtaken: answered.overtaken };
  const endings = intent.members.flatMap(({ ending }, index) => {
    const record = records[index];
    return record === undefined ? [] : [{ record, ended: endedAs(ending, written) }];
  });
  await settleInOrder(ports, session, endings);
  session.note({ intent: undefined, working: undefined, trouble: undefined, stopped: undefined });
}

async function readBack({ ports, zpa, invocation, microtenantId }: StepContext, intent: Intent, groupId: string) {
  for (const [index, pause] of READ_BACK_PAUSES_MS.entries()) {
    const scale = ports.timing.requestTimeoutMs / 20_000;
    if (pause > 0) await ports.clock.sleep(pause * scale, invocation.signal);
    const found = await readGroup(zpa, groupId, { microtenantId, signal: invocation.signal });
    const live = found.kind === 'found' ? found.value : null;
    const answered = judgeAnswered(intent, live);
    const asIntended = answered.verdict === 'done' && answered.overtaken.length === 0;
    if (asIntended || index === READ_BACK_PAUSES_MS.length - 1) return { answered, live };
  }
  throw new Error('the last read decides');
}

/** A yes that changed nothing: a tenant whose v2 ignores membership deltas gets v1 from now on; else nobody knows. */
async function retryWithoutEffect(context: StepContext, intent: Intent): Promise<LaneEnd | undefined> {
  const { session, records } = context;
  const [write] = intent.writes;
  session.note({ intent: undefined });
  const hasDeltas = write?.kind === 'update' && write.addedApps.length + write.deletedApps.length > 0;
  if (hasDeltas && useV1(context, write)) return undefined;
  const reason = 'ZPA answered success and the segment group is as before';
  const fault = { code: 'without-effect', class: 'unknown', scope: 'change', effect: 'none', reason } as const;
  return follow(context, await whoseFault(context, records, fault));
}

/** From now on this tenant is written through v1, with full lists; false if it is already. */
function useV1({ ports, session, records }: StepContext, write: ZpaWrite): boolean {
  if (write.kind !== 'update' || write.via === 'v1') return false;
  const tenant = records[0]?.change.tenant ?? '';
  const { learned } = session.lane();
  ports.log.warn('v2 does not carry out this change, going on with v1', { tenant });
  session.note({ learned: { ...learned, [tenant]: { ...learned[tenant], via: 'v1' } } });
  return true;
}

/** Who `modifiedBy` is when it is us: needed to tell our create from somebody else's. */
function learnWriter(
  { session }: StepContext,
  intent: Intent,
  seen: { answered: Answered; live: SegmentGroup | null },
): void {
  const writer = seen.live?.modifiedBy;
  const { learned } = session.lane();
  if (writer === undefined || seen.answered.overtaken.length > 0 || learned[intent.tenant]?.writer === writer) return;
  session.note({ learned: { ...learned, [intent.tenant]: { ...learned[intent.tenant], writer } } });
}
