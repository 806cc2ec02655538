import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { type WrittenGroup, writtenGroups } from '../../../shared/domain/intent/intent-writes.ts';
import { reject } from '../../../shared/domain/outcome/reject.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import { isZpaFault, zpaFaultOf } from '../../../shared/ports/zpa-fault.ts';
import { readGroup } from '../../../shared/reading/read-group.ts';
import type { LaneEnd } from '../lane/lane-hold.ts';
import type { LaneSession } from '../lane/lane-session.ts';
import { OLDER_READING } from '../lane/refuse-older-reads.ts';
import { areDeltasIgnored, isMembershipWrite, judgeReadBack, type ReadBackVerdict } from '../rules/judge-read-back.ts';
import { settleIntent } from '../settle/settle-intent.ts';
import { actOnFault, type StepContext, writerOf } from '../settle/step-context.ts';
import { settleUncompensated } from './compensate.ts';
import { findMovedApplications } from './find-moved-applications.ts';
import { afterIgnoredDeltas } from './ignored-deltas.ts';
import { lookAgain, scaleToTiming } from './look-again.ts';
import { rememberHomes } from './remember-writes.ts';
import { afterFailedLook, settlePartly } from './settle-unknown.ts';

/**
 * ZPA has been consistent at once so far, but does not promise it. A successful write that does not show is read again, soon
 * at first, then every few seconds until the quiet period is over. Nothing is written again before.
 */
const READ_BACK_PAUSES_MS = [0, 1000, 3000];

type LiveGroups = ReadonlyMap<string, SegmentGroup | null>;
type ReadBack = { judged: ReadBackVerdict; live: LiveGroups; isIgnored: boolean };

/** ZPA answered success to every write: reads the groups back, records foreign edits since, settles in lane order. */
export async function settleReadBack(context: StepContext, intent: Intent): Promise<LaneEnd | undefined> {
  const { ports, session } = context;
  let read: ReadBack;
  try {
    read = await readBack(context, intent);
  } catch (error) {
    // The writes are certain and only their read-back is missing: a later turn reads.
    const later = isOlder(error) ? await lookAgain(context, intent) : undefined;
    if (later !== undefined) return later.end;
    await session.save({ intent });
    return afterFailedLook(context, intent, zpaFaultOf(error));
  }
  const { verdict, overtaken } = read.judged;
  const { takingBack } = intent;
  const isIgnored = read.isIgnored && takingBack === undefined;
  if (verdict !== 'done' || isIgnored) {
    const later = await lookAgain(context, intent);
    if (later !== undefined) return later.end;
  }
  if (isIgnored) return afterIgnoredDeltas(context, intent, read.live);
  if (verdict !== 'done' && takingBack !== undefined) {
    await settleUncompensated(context, intent, takingBack, read.live);
    return undefined;
  }
  if (verdict === 'without-effect') return retryWithoutEffect(context, intent);
  if (verdict === 'partly') return settlePartly(context, intent, overtaken);
  if (overtaken.length > 0) ports.meter.count('Overtaken', 1);
  rememberHomes(session, intent, read.live);
  await settleIntent(context, intent, overtaken);
  if (overtaken.length === 0) learnFromReadBack(session, intent, read.live);
  return undefined;
}

const isOlder = (error: unknown) => isZpaFault(error) && error.fault.code === OLDER_READING;

async function readBack(context: StepContext, intent: Intent): Promise<ReadBack> {
  const { ports, session, scope } = context;
  const writer = writerOf(session, intent);
  const written = writtenGroups(intent);
  const pauses = intent.lookedAt === undefined ? READ_BACK_PAUSES_MS : [0];
  for (const [index, pause] of pauses.entries()) {
    if (pause > 0) await ports.clock.sleep(scaleToTiming(ports, pause), scope.signal);
    const isLast = index === pauses.length - 1;
    const live = await readWritten(context, written).catch((error: unknown) => {
      if (isLast || !isOlder(error)) throw error;
    });
    if (live === undefined) continue;
    const judged = judgeReadBack(written, live, writer);
    if (judged.verdict === 'done' && judged.overtaken.length === 0) return { judged, live, isIgnored: false };
    if (!isLast) continue;
    const movedOn = await findMovedApplications(context, intent, live);
    const isIgnored = areDeltasIgnored(intent, live, writer, movedOn);
    return { judged: judgeReadBack(written, live, writer, movedOn), live, isIgnored };
  }
  throw new Error('the last read decides');
}

async function readWritten({ zpa, scope }: StepContext, written: readonly WrittenGroup[]): Promise<LiveGroups> {
  const live = new Map<string, SegmentGroup | null>();
  for (const { groupId } of written) {
    const found = await readGroup(zpa, groupId, scope);
    live.set(groupId, found.kind === 'found' ? found.value : null);
  }
  return live;
}

/** ZPA answered success and nothing changed. The step is taken again, and the failure counts against the change. */
async function retryWithoutEffect(context: StepContext, intent: Intent): Promise<LaneEnd | undefined> {
  if (intent.createdId !== undefined) return settleVanished(context, intent);
  context.session.stage({ intent: undefined });
  const mayIgnore = intent.writes.some(({ write }) => isMembershipWrite(write) && write.via === 'v2');
  const hint = mayIgnore ? `; if every group is, set tenants.${intent.tenant}.membership to "v1"` : '';
  const reason = `ZPA answered success and the segment group is as before${hint}`;
  const fault = { code: 'without-effect', class: 'unknown', scope: 'change', effect: 'none', reason } as const;
  return actOnFault(context, fault);
}

/** ZPA answered that it created the group, and the group does not exist: nobody knows whether it ever did. */
async function settleVanished(context: StepContext, intent: Intent): Promise<undefined> {
  const sentence = 'ZPA answered that it created the segment group, and does not know it';
  const takingBack = reject('outcome-unknown', sentence, { details: { group: { id: intent.createdId } } });
  await settleIntent(context, { ...intent, takingBack });
}

/**
 * Learns the `modifiedBy` of our API client from a read-back that shows the intended state. Somebody else may have written the
 * same just after us, so a later read-back that contradicts corrects the first. A write without an answer teaches nothing: what
 * shows may be somebody else's, and ours would be refused as foreign from then on.
 */
export function learnFromReadBack(session: LaneSession, intent: Intent, live: LiveGroups): void {
  if (intent.adopted) return;
  const [written] = writtenGroups(intent);
  const modifiedBy = live.get(written?.groupId ?? '')?.modifiedBy;
  const { learned } = session.lane();
  const { writer, client } = learned[intent.tenant] ?? {};
  if (modifiedBy === undefined || modifiedBy === writer) return;
  const next = { ...(client !== undefined && { client }), ...(writer === undefined && { writer: modifiedBy }) };
  session.stage({ learned: { ...learned, [intent.tenant]: next } });
}
