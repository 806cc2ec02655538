import { hasSameStamp } from '../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { cancelRequestOf } from '../../../shared/domain/ledger/cancellation.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { reject } from '../../../shared/domain/outcome/reject.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';
import type { Learned } from '../../../shared/domain/records/lane-record.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import { readGroup } from '../../../shared/reading/read-live.ts';
import type { LaneSession } from '../lane/lane-session.ts';
import type { ApplyPorts, LaneEnd } from '../lane/ports.ts';
import { waitInPlace } from '../lane/wait-in-place.ts';
import { writtenGroups } from '../rules/judge-intent.ts';
import {
  deltasThroughV1,
  findIgnoredDeltas,
  isInconclusive,
  judgeReadBack,
  type ReadBackVerdict,
} from '../rules/judge-read-back.ts';
import { attributeFault } from '../settle/attribute-fault.ts';
import { settleIntent } from '../settle/settle-intent.ts';
import { actOnVerdict, type StepContext } from '../settle/step-context.ts';
import { settleUncompensated } from './compensate.ts';
import { fallBackToV1 } from './fall-back-to-v1.ts';
import { findMovedApplications } from './find-moved-applications.ts';
import { afterFailedLook } from './settle-unreadable.ts';

/**
 * ZPA has been consistent at once so far, but does not promise it. A successful write that does not show is read again, soon
 * at first, then every few seconds until the quiet period is over. Nothing is written again before.
 */
const READ_BACK_PAUSES_MS = [0, 1000, 3000];
const READ_BACK_EVERY_MS = 8000;

type LiveGroups = ReadonlyMap<string, SegmentGroup | null>;
type ReadBack = { judged: ReadBackVerdict; live: LiveGroups; isMovedOn: boolean };

/** ZPA answered success to every write: reads the groups back, records foreign edits since, settles in lane order. */
export async function settleReadBack(context: StepContext, intent: Intent): Promise<LaneEnd | undefined> {
  const { ports, session } = context;
  let read: ReadBack;
  try {
    read = await readBack(context, intent);
  } catch (error) {
    // The writes are certain and only their read-back is missing: a later turn reads.
    await session.save({ intent });
    if (isZpaFault(error)) return afterFailedLook(context, intent, error.fault);
    throw error;
  }
  const { verdict, overtaken } = read.judged;
  const now = ports.clock.now();
  const lookedAt = intent.lookedAt ?? now;
  const proven = session.lane().learned[intent.tenant]?.via === 'v2';
  const isConclusive = proven || read.isMovedOn || intent.takingBack !== undefined;
  const left = isConclusive ? undefined : findIgnoredDeltas(intent, read.live);
  if ((verdict !== 'done' || left !== undefined) && now < lookedAt + ports.timing.quietPeriodMs) {
    await session.save({ intent: { ...intent, lookedAt } });
    return waitInPlace(
      ports,
      session,
      context.invocation,
      now + scaleToTiming(ports, READ_BACK_EVERY_MS),
      'not-shown-yet',
    );
  }
  if (verdict === 'without-effect' && intent.takingBack === undefined)
    return retryWithoutEffect(context, intent, read.live);
  if (verdict === 'partly' && intent.takingBack === undefined) return settlePartly(context, intent, overtaken);
  if (left !== undefined) return finishThroughV1(context, intent, left);
  if (overtaken.length > 0 && !proven && intent.takingBack === undefined && isInconclusive(intent, read.live)) {
    return settlePartly(context, intent, overtaken);
  }
  if (verdict !== 'done') {
    await settleUncompensated(context, intent, read.live);
    return undefined;
  }
  if (overtaken.length > 0) ports.meter.count('Overtaken', 1);
  await settleIntent(context, intent, overtaken);
  if (overtaken.length === 0) learnFromReadBack(session, intent, read.live);
  return undefined;
}

/** Adds the write that v2 ignored to the same intent: the next turn continues with it, as with a half-done move. */
function finishThroughV1(context: StepContext, intent: Intent, left: PlannedWrite): undefined {
  const { lookedAt: _lookedAt, ...rest } = intent;
  for (const { write } of intent.writes) fallBackToV1(context, write);
  context.session.stage({ intent: { ...rest, writes: [...intent.writes, left], sendBefore: 0 } });
}

/** Shortens a pause where the local world runs faster than real time. */
const scaleToTiming = ({ timing }: ApplyPorts, ms: number) => (ms * timing.requestTimeoutMs) / TIMING.requestTimeoutMs;

async function readBack(context: StepContext, intent: Intent): Promise<ReadBack> {
  const { ports, session, zpa, invocation, microtenantId } = context;
  const { writer } = session.lane().learned[intent.tenant] ?? {};
  const written = writtenGroups(intent);
  const pauses = intent.lookedAt === undefined ? READ_BACK_PAUSES_MS : [0];
  for (const [index, pause] of pauses.entries()) {
    if (pause > 0) await ports.clock.sleep(scaleToTiming(ports, pause), invocation.signal);
    const live = new Map<string, SegmentGroup | null>();
    for (const { groupId } of written) {
      const found = await readGroup(zpa, groupId, { microtenantId, signal: invocation.signal });
      live.set(groupId, found.kind === 'found' ? found.value : null);
    }
    const judged = judgeReadBack(written, live, writer);
    if (judged.verdict === 'done' && judged.overtaken.length === 0) return { judged, live, isMovedOn: false };
    if (index < pauses.length - 1) continue;
    const elsewhere = await findMovedApplications(context, intent, live);
    return { judged: judgeReadBack(written, live, writer, elsewhere), live, isMovedOn: elsewhere.size > 0 };
  }
  throw new Error('the last read decides');
}

/**
 * ZPA answered success and nothing changed: a tenant whose v2 ignores deltas is written through v1 from now on; any
 * other case is an unknown error. A newer stamp may be that of somebody who undid the write. Then the change stays under its
 * intent: taken up anew, it could be cancelled although it took effect. If its cancellation was requested, it is not repeated.
 */
async function retryWithoutEffect(
  context: StepContext,
  intent: Intent,
  live: LiveGroups,
): Promise<LaneEnd | undefined> {
  const { session, records } = context;
  if (intent.createdId !== undefined) return settleVanished(context, intent);
  if (mayBeUndone(session, intent, live)) {
    if (records.some((record) => cancelRequestOf(record) !== undefined)) return settlePartly(context, intent, []);
    const left = deltasThroughV1(intent, live);
    if (left !== undefined) return finishThroughV1(context, intent, left);
  }
  session.stage({ intent: undefined });
  const ignored = intent.writes.find(({ write }) => write.kind === 'update' && hasDeltas(write));
  if (ignored !== undefined && fallBackToV1(context, ignored.write)) return undefined;
  const reason = 'ZPA answered success and the segment group is as before';
  const fault = { code: 'without-effect', class: 'unknown', scope: 'change', effect: 'none', reason } as const;
  return actOnVerdict(context, await attributeFault(context, records, fault));
}

/** ZPA answered that it created the group, and the group does not exist: nobody knows whether it ever did. */
async function settleVanished(context: StepContext, intent: Intent): Promise<undefined> {
  const sentence = 'ZPA answered that it created the segment group, and does not know it';
  const takingBack = reject('outcome-unknown', sentence, { details: { group: { id: intent.createdId } } });
  await settleIntent(context, { ...intent, takingBack }, []);
}

/** A group carries a newer stamp that is not certainly ours. */
function mayBeUndone(session: LaneSession, intent: Intent, live: LiveGroups): boolean {
  if (session.lane().learned[intent.tenant]?.writer !== undefined) return false;
  return writtenGroups(intent).some(({ groupId, before }) => {
    const group = live.get(groupId) ?? null;
    return before !== null && group !== null && !hasSameStamp(before, group);
  });
}

const hasDeltas = (write: { addedApps: string[]; deletedApps: string[] }) =>
  write.addedApps.length + write.deletedApps.length > 0;

/** Some or all writes do not show, somebody else has edited since, and ZPA answered success to all: people decide. */
async function settlePartly(context: StepContext, intent: Intent, overtaken: ReadBackVerdict['overtaken']) {
  const sentence = 'ZPA answered success, and its segment groups show nothing, or only a part, of what was written';
  const takingBack = reject('outcome-unknown', sentence, { details: { differences: overtaken } });
  await settleIntent(context, { ...intent, takingBack }, []);
  return undefined;
}

/**
 * Learns from a read-back that shows the intended state: the `modifiedBy` of our API client, and, once that is known, that v2
 * honours membership deltas. Somebody else may have written the same just after us, so a later read-back that contradicts
 * corrects the first.
 */
export function learnFromReadBack(
  session: LaneSession,
  intent: Intent,
  live: ReadonlyMap<string, SegmentGroup | null>,
): void {
  const [written] = writtenGroups(intent);
  const modifiedBy = live.get(written?.groupId ?? '')?.modifiedBy;
  const { learned } = session.lane();
  const { writer, ...earlier } = learned[intent.tenant] ?? {};
  if (modifiedBy === undefined) return;
  const isCertain = modifiedBy === writer;
  const memberships = intent.writes.flatMap(({ write }) =>
    write.kind === 'update' && hasDeltas(write) ? [write] : [],
  );
  // If one write was sent again through v1, the read shows the effect of v1.
  const deltas = memberships.length > 0 && memberships.every(({ via }) => via === 'v2');
  const learnedNow: Learned = {
    ...earlier,
    ...((isCertain || writer === undefined) && { writer: modifiedBy }),
    ...(isCertain && deltas && { via: 'v2' }),
  };
  if (isCertain && learnedNow.via === earlier.via) return;
  session.stage({ learned: { ...learned, [intent.tenant]: learnedNow } });
}
