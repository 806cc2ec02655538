import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
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
import { findIgnoredDeltas, isInconclusive, judgeReadBack, type ReadBackVerdict } from '../rules/judge-read-back.ts';
import { attributeFault, waitForRead } from '../settle/attribute-fault.ts';
import { settleIntent } from '../settle/settle-intent.ts';
import { actOnVerdict, type StepContext } from '../settle/step-context.ts';
import { settleUncompensated } from './compensate.ts';
import { fallBackToV1 } from './fall-back-to-v1.ts';
import { findMovedApplications } from './find-moved-applications.ts';

/**
 * ZPA is seen to be consistent at once, but nobody promised it: a yes that does not show is looked for again, soon at
 * first, then every few seconds until the quiet period is over. Nothing is written again before.
 */
const READ_BACK_PAUSES_MS = [0, 1000, 3000];
const READ_BACK_EVERY_MS = 8000;

type ReadBack = { answered: ReadBackVerdict; live: ReadonlyMap<string, SegmentGroup | null>; isMovedOn: boolean };

/** ZPA said yes to every write: read back, record what somebody else did since, settle in lane order. */
export async function settleReadBack(context: StepContext, intent: Intent): Promise<LaneEnd | undefined> {
  const { ports, session } = context;
  let seen: ReadBack;
  try {
    seen = await readBack(context, intent);
  } catch (error) {
    // The writes are certain, only the look at them is missing: a later turn looks.
    await session.save({ intent });
    if (isZpaFault(error)) return waitForRead(context, error.fault);
    throw error;
  }
  const { verdict, overtaken } = seen.answered;
  const now = ports.clock.now();
  const lookedAt = intent.lookedAt ?? now;
  const proven = session.lane().learned[intent.tenant]?.via === 'v2';
  const isTold = proven || seen.isMovedOn || intent.takingBack !== undefined;
  const left = isTold ? undefined : findIgnoredDeltas(intent, seen.live);
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
  if (verdict === 'without-effect' && intent.takingBack === undefined) return retryWithoutEffect(context, intent);
  if (verdict === 'partly' && intent.takingBack === undefined) return settlePartly(context, intent, overtaken);
  if (left !== undefined) return finishThroughV1(context, intent, left);
  if (overtaken.length > 0 && !proven && intent.takingBack === undefined && isInconclusive(intent, seen.live)) {
    return settlePartly(context, intent, overtaken);
  }
  if (verdict !== 'done') {
    await settleUncompensated(context, intent, seen.live);
    return undefined;
  }
  if (overtaken.length > 0) ports.meter.count('Overtaken', 1);
  await settleIntent(context, intent, overtaken);
  if (overtaken.length === 0) learnFromReadBack(session, intent, seen.live);
  return undefined;
}

/** What v2 ignored is one more write of the same intent: the next turn goes on with it, as with a move half done. */
function finishThroughV1(context: StepContext, intent: Intent, left: PlannedWrite): undefined {
  const { lookedAt: _lookedAt, ...rest } = intent;
  for (const { write } of intent.writes) fallBackToV1(context, write);
  context.session.stage({ intent: { ...rest, writes: [...intent.writes, left], sendBefore: 0 } });
}

/** Where the local world runs faster than life, so do these pauses. */
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
    const answered = judgeReadBack(written, live, writer);
    if (answered.verdict === 'done' && answered.overtaken.length === 0) return { answered, live, isMovedOn: false };
    if (index < pauses.length - 1) continue;
    const elsewhere = await findMovedApplications(context, intent, live);
    return { answered: judgeReadBack(written, live, writer, elsewhere), live, isMovedOn: elsewhere.size > 0 };
  }
  throw new Error('the last read decides');
}

/** A yes that changed nothing: a tenant whose v2 ignores membership deltas gets v1 from now on; else nobody knows. */
async function retryWithoutEffect(context: StepContext, intent: Intent): Promise<LaneEnd | undefined> {
  const { session, records } = context;
  if (intent.createdId !== undefined) return settleVanished(context, intent);
  session.stage({ intent: undefined });
  const deaf = intent.writes.find(({ write }) => write.kind === 'update' && hasDeltas(write));
  if (deaf !== undefined && fallBackToV1(context, deaf.write)) return undefined;
  const reason = 'ZPA answered success and the segment group is as before';
  const fault = { code: 'without-effect', class: 'unknown', scope: 'change', effect: 'none', reason } as const;
  return actOnVerdict(context, await attributeFault(context, records, fault));
}

/** Created, said ZPA, and there is no such group: nobody knows whether there ever was. */
async function settleVanished(context: StepContext, intent: Intent): Promise<undefined> {
  const sentence = 'ZPA answered that it created the segment group, and does not know it';
  const takingBack = reject('outcome-unknown', sentence, { details: { group: { id: intent.createdId } } });
  await settleIntent(context, { ...intent, takingBack }, []);
}

const hasDeltas = (write: { addedApps: string[]; deletedApps: string[] }) =>
  write.addedApps.length + write.deletedApps.length > 0;

/** Some or all writes do not show, somebody else edited since, and ZPA said yes to all: people decide. */
async function settlePartly(context: StepContext, intent: Intent, overtaken: ReadBackVerdict['overtaken']) {
  const sentence = 'ZPA answered success, and its segment groups show nothing, or only a part, of what was written';
  const takingBack = reject('outcome-unknown', sentence, { details: { differences: overtaken } });
  await settleIntent(context, { ...intent, takingBack }, []);
  return undefined;
}

/**
 * What a read-back as intended teaches: who `modifiedBy` is when it is us, and, once that is known, that v2 honours membership
 * deltas. Somebody else may have done the same a moment after us; so a second one that contradicts unteaches the first.
 */
export function learnFromReadBack(
  session: LaneSession,
  intent: Intent,
  seen: ReadonlyMap<string, SegmentGroup | null>,
): void {
  const [written] = writtenGroups(intent);
  const seenBy = seen.get(written?.groupId ?? '')?.modifiedBy;
  const { learned } = session.lane();
  const { writer, ...known } = learned[intent.tenant] ?? {};
  if (seenBy === undefined) return;
  const isCertain = seenBy === writer;
  const memberships = intent.writes.flatMap(({ write }) =>
    write.kind === 'update' && hasDeltas(write) ? [write] : [],
  );
  // Where one had to be sent again through v1, it is v1 that is seen here.
  const deltas = memberships.length > 0 && memberships.every(({ via }) => via === 'v2');
  const told: Learned = {
    ...known,
    ...((isCertain || writer === undefined) && { writer: seenBy }),
    ...(isCertain && deltas && { via: 'v2' }),
  };
  if (isCertain && told.via === known.via) return;
  session.stage({ learned: { ...learned, [intent.tenant]: told } });
}
