import { decidableAt, isBegun, microtenantOf, writeAtCursor } from '../../../shared/domain/intent/intent-writes.ts';
import { settledPlaces } from '../../../shared/domain/ledger/settlement.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';
import { readMembers } from '../../../shared/ledger/read-members.ts';
import { zpaFaultOf } from '../../../shared/ports/zpa-fault.ts';
import type { LaneEnd, LaneWork } from '../lane/lane-hold.ts';
import { waitInPlace } from '../lane/wait-in-place.ts';
import { zpaOfLane } from '../lane/zpa-of-lane.ts';
import { advanceCursor } from '../rules/judge-intent.ts';
import { settleIntent } from '../settle/settle-intent.ts';
import { actOnFault, type StepContext } from '../settle/step-context.ts';
import { pauseIfLimited } from '../settle/tenant-fault.ts';
import { retryOrCompensate } from './compensate.ts';
import { type JudgedWrite, judgeByReads } from './judge-by-reads.ts';
import { settleReadBack } from './read-back.ts';
import { rememberHomes, rememberWrites } from './remember-writes.ts';
import { goOn, resumeMove, sendWrites } from './send-writes.ts';
import { afterFailedLook, settleInDoubt, settleUnreadable } from './settle-unknown.ts';

/**
 * Finishes an intent that a worker left open, perhaps this one. Nothing else is done in the lane before the result of the
 * write is known. A result that cannot be known is reported as such, never guessed (docs/architecture.md#unknown-outcomes).
 */
export async function recoverIntent(work: LaneWork): Promise<LaneEnd | undefined> {
  const { ports, session } = work;
  const { intent } = session.lane();
  if (intent === undefined) return undefined;
  const records = await readMembers(ports, intent);
  // A worker crashed while settling: the outcome of the settled members holds for the rest.
  const [settled] = records.flatMap(({ outcome }) =>
    outcome?.kind === 'applied' && outcome.writeId === intent.writeId ? [outcome] : [],
  );
  if (settled !== undefined) {
    const done = { ...intent, cursor: intent.writes.length, createdId: settled.effect.groupId };
    rememberWrites(work, done);
    rememberHomes(session, done);
  }
  if (records.length === intent.members.length && records.every((record) => record.state === 'settled')) {
    // Another worker settled the members and could not record it in the lane.
    const places = settledPlaces(
      session.lane(),
      intent.members.map(({ sequence }) => sequence),
    );
    session.stage({ intent: undefined, working: undefined, ...places });
    return undefined;
  }
  // The process that ended a member by its request saw no open intent, so this intent was stored later, and its worker saw the request
  // before the write.
  if (!isBegun(intent) && records.some(isAskedBack)) {
    session.stage({ intent: undefined, working: undefined });
    return undefined;
  }
  if (settled !== undefined) {
    const createdId = settled.effect.groupId;
    await settleIntent({ ...work, records }, { ...intent, createdId }, settled.overtaken);
    return undefined;
  }
  const undecided = await waitInPlace(work, decidableAt(intent, ports.timing), 'outcome-unknown');
  if (undecided !== undefined) return undecided;
  if (await settleUnreadable({ ...work, records }, intent)) return undefined;
  const context = contextOf(work, intent, records);
  const waiting = await waitInPlace(work, intent.trouble?.retryAt ?? 0, 'retry');
  const limited = waiting ?? (await pauseIfLimited(context, intent));
  if (limited !== undefined) return limited;
  const planned = writeAtCursor(intent);
  if (planned === undefined) return settleReadBack(context, intent);
  // The remaining writes of a move are certainly not under way, so nothing is in doubt.
  if (isBegun(intent) && intent.sendBefore === 0) return resumeMove(context, intent);
  return finishUnanswered(context, intent, planned);
}

const isAskedBack = ({ outcome }: ChangeRecord) => outcome?.kind === 'cancelled' || outcome?.kind === 'superseded';

function contextOf(work: LaneWork, intent: Intent, records: readonly ChangeRecord[]): StepContext {
  const { tenant } = intent;
  const zpa = zpaOfLane(work, tenant);
  const scope = { microtenantId: microtenantOf(intent), signal: work.invocation.signal };
  return { ...work, tenant, zpa, records, scope, readBackMayWait: false, listNames: false };
}

async function finishUnanswered(
  context: StepContext,
  intent: Intent,
  planned: PlannedWrite,
): Promise<LaneEnd | undefined> {
  const { ports, session } = context;
  let judged: JudgedWrite;
  try {
    judged = await judgeByReads(context, intent, planned);
  } catch (error) {
    return afterFailedLook(context, intent, zpaFaultOf(error));
  }
  ports.log.info('open intent judged', { lane: session.lane().lane, writeId: intent.writeId, verdict: judged.verdict });
  if (judged.verdict === 'ours') {
    const answered: Intent = { ...advanceCursor(intent, judged.live?.id, ports.clock.now()), adopted: true };
    rememberWrites(context, answered, intent.cursor);
    return sendWrites(context, answered);
  }
  if (judged.verdict === 'not-done' && !isBegun(intent)) return retryNotDone(context, intent);
  if (judged.verdict === 'not-done') return repeatRest(context, intent);
  if (judged.canRebase === true) return sendWrites(context, intent);
  return settleInDoubt(context, intent, judged.live);
}

/** The write certainly had no effect: the step is taken again. Repeated failures count against the change. */
async function retryNotDone(context: StepContext, intent: Intent): Promise<LaneEnd | undefined> {
  context.session.stage({ intent: undefined });
  if (intent.unanswered === undefined) return undefined;
  // The wait for this look was a pause before the next try already.
  const failedAt = intent.sendBefore;
  return actOnFault(context, faultOf(intent.unanswered), { failedAt });
}

/** The later write of a move certainly had no effect: it is repeated, and its failures count as well. */
async function repeatRest(context: StepContext, intent: Intent): Promise<LaneEnd | undefined> {
  const { unanswered, ...rest } = intent;
  if (unanswered === undefined) return sendWrites(context, intent);
  return goOn(context, await retryOrCompensate(context, { ...rest, sendBefore: 0 }, faultOf(unanswered)));
}

function faultOf(unanswered: string) {
  const reason = `the write was not confirmed (${unanswered}) and had no effect`;
  return { code: unanswered, class: 'unknown', scope: 'change', effect: 'none', reason } as const;
}
