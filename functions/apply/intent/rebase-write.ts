import type { RuleMention, SegmentGroup, ZpaFault } from '../../../shared/domain/group/group.ts';
import { destinationOf } from '../../../shared/domain/group/live-view.ts';
import { type IsEnough, isInUse, scanFor } from '../../../shared/domain/group/policy-rule.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';
import { isSameText } from '../../../shared/domain/text/same-text.ts';
import { readGroup } from '../../../shared/reading/read-group.ts';
import { readEveryRule } from '../../../shared/reading/rules/every-rule.ts';
import { tenantNamed } from '../lane/tenant-named.ts';
import { rebaseOntoLive } from '../rules/rebase.ts';
import { rulesForDeletion, type StepContext } from '../settle/step-context.ts';

/**
 * A move must not write what it read before its last write, which may have taken seconds: each later write is rebased onto the
 * live group, and a delete is checked again (promise 3).
 */
export type RebaseResult =
  | { kind: 'send'; planned: PlannedWrite }
  /** Somebody else has made the same edit. */
  | { kind: 'done' }
  | { kind: 'impossible'; fault: ZpaFault };

/**
 * Rebases a write that certainly was not sent. Rules may name the group since the decision, so a delete reads them anew. Rejects
 * as the `Zpa` port does.
 */
export async function rebaseWrite(
  context: StepContext,
  { tenant, takingBack }: Intent,
  planned: PlannedWrite,
): Promise<RebaseResult> {
  const { ports, zpa, scope, records } = context;
  const { write } = planned;
  if (write.kind === 'create') return { kind: 'send', planned };
  const mentions = write.kind === 'delete' ? await mentionsOf(context, write.groupId) : [];
  const found = await readGroup(zpa, write.groupId, scope);
  const live = found.kind === 'found' ? found.value : null;
  if (write.kind === 'delete' && live === null) return { kind: 'done' };
  if (live === null) return impossible('not-found', 'the segment group was deleted meanwhile');
  if (write.kind === 'delete') {
    const refused = mayNotDelete(live, mentions);
    if (refused !== undefined) return refused;
  }
  // The setting may have been edited since the write was planned.
  const rebased = rebaseOntoLive(planned, live, tenantNamed(ports, tenant).membership);
  if (rebased === undefined) return { kind: 'done' };
  if (takingBack === undefined && isNamedOtherwise(records, planned, live)) {
    return impossible('not-found', `its name is "${live.name}" now`);
  }
  return { kind: 'send', planned: rebased };
}

/** The change refers to the group by the name that it had before, and it has another one now. */
function isNamedOtherwise(records: StepContext['records'], { before }: PlannedWrite, live: SegmentGroup): boolean {
  if (before === null || isSameText(before.name, live.name)) return false;
  const references = records.flatMap(({ change }) => [change.group, destinationOf(change)]);
  return references.some((one) => one !== undefined && 'name' in one && isSameText(one.name, before.name));
}

/** The scan takes seconds, so the group itself is read after it, when the delete can follow at once. */
async function mentionsOf(context: StepContext, groupId: string): Promise<RuleMention[]> {
  const { ports, session, zpa, scope } = context;
  const isEnough: IsEnough = (list) => isInUse(groupId, list);
  const rules = await readEveryRule(zpa, scope, {
    clock: ports.clock,
    isEnough,
    read: rulesForDeletion(context, true),
  });
  await session.waitForBudget(scope.signal, { reads: 1, writes: 1 });
  return scanFor(groupId, rules).mentions;
}

function mayNotDelete(live: SegmentGroup, [mention]: readonly RuleMention[]): RebaseResult | undefined {
  if (mention !== undefined)
    return impossible('referenced', `policy rule "${mention.ruleName}" names the segment group now`);
  const [joined] = live.applicationIds;
  return joined === undefined
    ? undefined
    : impossible('referenced', `application ${joined} joined the segment group meanwhile`);
}

const impossible = (code: string, reason: string): RebaseResult => ({
  kind: 'impossible',
  fault: { code, class: 'permanent', scope: 'change', effect: 'none', reason, params: [reason] },
});
