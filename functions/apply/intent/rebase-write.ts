import type { RuleScan, SegmentGroup, ZpaFault } from '../../../shared/domain/group/group.ts';
import { scanFor } from '../../../shared/domain/group/policy-rule.ts';
import type { PlannedWrite } from '../../../shared/domain/records/intent.ts';
import { readEveryRule, readGroup } from '../../../shared/reading/read-live.ts';
import { membershipVia } from '../lane/membership-via.ts';
import { rebaseOntoLive } from '../rules/rebase.ts';
import { rulesForDeletion, type StepContext } from '../settle/step-context.ts';

/**
 * A move that continues after a pause must not write what it read before the pause: each remaining write is rebased onto the
 * live group, and a delete is checked again (promise 3).
 */
export type RebaseResult =
  | { kind: 'send'; planned: PlannedWrite }
  /** Somebody else has made the same edit. */
  | { kind: 'done' }
  | { kind: 'impossible'; fault: ZpaFault };

/** Rebases a write that certainly was not sent. Rejects as the `Zpa` port does. */
export async function rebaseWrite(context: StepContext, planned: PlannedWrite): Promise<RebaseResult> {
  const { ports, session, zpa, invocation, microtenantId } = context;
  const { write } = planned;
  if (write.kind === 'create') return { kind: 'send', planned };
  const scope = { microtenantId, signal: invocation.signal };
  let rules: RuleScan | undefined;
  if (write.kind === 'delete') {
    rules = scanFor(write.groupId, await readEveryRule(zpa, scope, ports.clock, rulesForDeletion(context, true)));
    // The scan takes seconds, so the group itself is read after it, when the delete can follow at once.
    await session.waitForBudget(invocation.signal, { reads: 1, writes: 1 });
  }
  const found = await readGroup(zpa, write.groupId, scope);
  const live = found.kind === 'found' ? found.value : null;
  if (rules !== undefined) return live === null ? { kind: 'done' } : mayDelete(planned, live, rules);
  if (live === null) return impossible('not-found', 'the segment group was deleted meanwhile');
  // The setting may have been edited since the write was planned.
  const rebased = rebaseOntoLive(planned, live, membershipVia(ports, context.records[0]?.change.tenant ?? ''));
  return rebased === undefined ? { kind: 'done' } : { kind: 'send', planned: rebased };
}

function mayDelete(planned: PlannedWrite, live: SegmentGroup, rules: RuleScan): RebaseResult {
  const [mention] = rules.mentions;
  if (mention !== undefined)
    return impossible('referenced', `policy rule "${mention.ruleName}" names the segment group now`);
  if (live.applicationIds.length > 0) {
    return impossible('referenced', `application ${live.applicationIds[0]} joined the segment group meanwhile`);
  }
  return { kind: 'send', planned: { ...planned, before: live } };
}

const impossible = (code: string, reason: string): RebaseResult => ({
  kind: 'impossible',
  fault: { code, class: 'permanent', scope: 'change', effect: 'none', reason, params: [reason] },
});
