import { type ChangeRequest, membershipOf } from '../change/change.ts';
import { mayUpdate } from '../change/if-exists.ts';
import { matchesPattern } from '../configuration/grants.ts';
import { type GuardSettings, MIN_READS_FOR_RULES } from '../configuration/guard-schema.ts';
import { groupsNamed } from '../group/live-view.ts';

/**
 * Whether the policy rules must be read before a change is decided, by what the change itself says: a scan is at least
 * 14 reads, so it is made where it is needed and its result shared (ADR 5).
 *
 * `required`: a guard cannot be judged without them, so a failed reading is a failed step. `wanted`: a failed reading
 * makes the reach `not-checked`. `none`: nobody looks, and `reason` says so where the reach turns out to matter.
 */
export type ReachNeed = { kind: 'required' } | { kind: 'wanted' } | { kind: 'none'; reason: string };

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

/** Whether a change could move an application or switch a group, whatever it will resolve to. */
function mayAlterReach(change: ChangeRequest): boolean {
  if (change.action === 'create')
    return change.applications.length > 0 || (mayUpdate(change) && change.enabled !== undefined);
  if (change.action === 'delete') return true;
  return membershipOf(change) !== undefined || change.set?.enabled !== undefined;
}

/** A group named by id may have any name, and so may the groups that applications are taken from. */
function mayBeAbout(patterns: readonly string[], change: ChangeRequest): boolean {
  if (change.action === 'update' && change.takeFromOtherGroups) return true;
  return groupsNamed(change).some(
    (group) => 'id' in group || patterns.some((pattern) => matchesPattern(pattern, group.name)),
  );
}
