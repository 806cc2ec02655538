import { type ChangeRequest, membershipOf } from '../change/change.ts';
import { mayUpdate } from '../change/if-exists.ts';
import { matchesPattern } from '../configuration/grants.ts';
import { type GuardSettings, MIN_READS_FOR_RULES } from '../configuration/guard-schema.ts';
import { groupsNamed } from '../group/live-view.ts';

/**
 * Whether the policy rules must be read before a change is decided. The change itself decides this: a scan takes at
 * least 14 reads, so it happens only where it is needed, and changes share its result (docs/adr/0005).
 *
 * `required`: a guard cannot be judged without the rules, so a failed read fails the step. `wanted`: a failed read
 * makes the reach `not-checked`. `none`: the rules are not read; `reason` explains a reach that is `not-checked`
 * because of it.
 */
export type ReachNeed = { kind: 'required' } | { kind: 'wanted' } | { kind: 'none'; reason: string };

/** Decides from the tenant's settings and the request alone, before anything is read. */
export function reachNeed({ reach, guards, budget }: GuardSettings, change: ChangeRequest): ReachNeed {
  if (!mayAlterReach(change)) return { kind: 'none', reason: 'the change was not expected to touch any rule' };
  const guarded = guards.rules.some((guard) => mayBeAbout(guard.groups, change));
  if (guarded) return { kind: 'required' };
  if (reach === 'always' && budget.reads >= MIN_READS_FOR_RULES) return { kind: 'wanted' };
  if (reach === 'always')
    return { kind: 'none', reason: `a budget of ${budget.reads} reads leaves none for policy rules` };
  const which = reach === 'guarded' ? 'guarded changes' : 'deletions';
  return { kind: 'none', reason: `this tenant has the policy rules read for ${which} only` };
}

/** Whether a change could move an application or enable or disable a group, however its names resolve. */
function mayAlterReach(change: ChangeRequest): boolean {
  if (change.action === 'create')
    return change.applications.length > 0 || (mayUpdate(change) && change.enabled !== undefined);
  if (change.action === 'delete') return true;
  return membershipOf(change) !== undefined || change.set?.enabled !== undefined;
}

/** A group referenced by id may have any name, and so may the groups that applications move away from. */
function mayBeAbout(patterns: readonly string[], change: ChangeRequest): boolean {
  if (change.action === 'update' && change.takeFromOtherGroups) return true;
  return groupsNamed(change).some(
    (group) => 'id' in group || patterns.some((pattern) => matchesPattern(pattern, group.name)),
  );
}
