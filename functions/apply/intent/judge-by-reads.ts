import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { isBegun } from '../../../shared/domain/intent/intent-writes.ts';
import type { Lane } from '../../../shared/domain/lane/change-ref.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';
import { isUnreadable } from '../../../shared/ports/error-code.ts';
import { readTargets } from '../../../shared/reading/read-targets.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import { findPossiblyCreated, judgeUnanswered, type UnansweredVerdict } from '../rules/judge-intent.ts';
import { mayRebase } from '../rules/rebase.ts';
import { type StepContext, writerOf } from '../settle/step-context.ts';
import { findMovedApplications } from './find-moved-applications.ts';

/** `canRebase`: the next write of a half-done move had no effect and can be rebased onto somebody's edit. */
export type JudgedWrite = UnansweredVerdict & { canRebase?: boolean };

/**
 * Judges the unanswered write at the cursor by a read of its group, and by further reads if that leaves a doubt. Rejects as
 * the `Zpa` port does.
 */
export async function judgeByReads(context: StepContext, intent: Intent, planned: PlannedWrite): Promise<JudgedWrite> {
  const { ports, session, zpa, scope } = context;
  const writer = writerOf(session, intent);
  const shown = await readTargets(zpa, planned.write, scope);
  const judged = judgeUnanswered(intent, shown, writer, ports.timing);
  if (judged.verdict === 'not-done') return { ...judged, ...(await findRenamedCreate(context, intent, planned)) };
  const { live, verdict } = judged;
  if (live === null || verdict === 'ours' || !isBegun(intent) || live.modifiedBy === writer) return judged;
  if (!mayRebase(planned, live)) return judged;
  // None of its applications is in the group, so each of them is looked up.
  const elsewhere = await findMovedApplications(context, { ...intent, writes: [planned] }, new Map());
  return { ...judged, canRebase: elsewhere.size === 0 };
}

/**
 * A created group that does not show may have been renamed before this read. Groups of other changes are excluded by
 * their ids.
 */
async function findRenamedCreate(
  { ports, session, zpa, scope }: StepContext,
  intent: Intent,
  { write }: PlannedWrite,
): Promise<Partial<UnansweredVerdict>> {
  if (write.kind !== 'create') return {};
  const groups: SegmentGroup[] = [];
  for await (const group of zpa.listGroups(scope)) groups.push(group);
  const { answered = [] } = session.lane();
  const createdIds = new Set(answered.map(({ createdId }) => createdId));
  for (const group of findPossiblyCreated(intent, groups, ports.timing)) {
    if (createdIds.has(group.id)) continue;
    if (!(await hasDesired(ports, session.lane().lane, group.id))) return { verdict: 'unknown', live: group };
  }
  return {};
}

/** True if a desired state of the group is stored, also one that cannot be read. */
async function hasDesired({ ledger }: Pick<ApplyPorts, 'ledger'>, lane: Lane, groupId: string): Promise<boolean> {
  try {
    return (await ledger.readDesired(lane, groupId)) !== undefined;
  } catch (error) {
    if (isUnreadable(error)) return true;
    throw error;
  }
}
