import {
  type AcceptRequest,
  type ChangeRequest,
  type CreateRequest,
  membershipOf,
  newGroupFields,
} from '../change/change.ts';
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

/**
 * Decides from the tenant's settings and the request, before the rules and the group are read. `isNew`: no group of the name
 * exists, which decides about a create that may be an update.
 */
export function reachNeed({ reach, guards, budget }: GuardSettings, change: ChangeRequest, isNew = false): ReachNeed {
  const certain = needOfChange(guards, change, isNew);
  if (certain !== undefined) return certain;
  if (reach === 'always' && budget.reads >= MIN_READS_FOR_RULES) return { kind: 'wanted' };
  if (reach === 'always')
    return { kind: 'none', reason: `a budget of ${budget.reads} reads leaves none for policy rules` };
  const which = reach === 'guarded' ? 'guarded changes' : 'deletions';
  return { kind: 'none', reason: `this tenant has the policy rules read for ${which} only` };
}

/** The need of a plan, which reads rules whatever the tenant's `reach` says, and is also made if they cannot be read. */
export function reachNeedOfPlan({ guards }: GuardSettings, change: ChangeRequest, isNew: boolean): ReachNeed {
  const certain = needOfChange(guards, change, isNew);
  return certain?.kind === 'none' ? certain : { kind: 'wanted' };
}

/** The need that follows from the change and the guards; undefined: the tenant's `reach` decides. */
function needOfChange(
  { rules }: Pick<GuardSettings['guards'], 'rules'>,
  change: ChangeRequest,
  isNew: boolean,
): Exclude<ReachNeed, { kind: 'wanted' }> | undefined {
  if (change.action === 'accept') return { kind: 'none', reason: 'an accept writes nothing' };
  const makesGroup = change.action === 'create' && (isNew || !mayUpdate(change));
  const mayAlter = makesGroup ? mayAlterReachByMaking(change) : mayAlterReach(change);
  if (!mayAlter) return { kind: 'none', reason: 'the change was not expected to touch any rule' };
  if (rules.some((guard) => mayBeAbout(guard.groups, change))) return { kind: 'required' };
  return makesGroup ? { kind: 'none', reason: NEW_AND_DISABLED } : undefined;
}

/**
 * No rule can name a group that does not exist yet. A new group that is disabled may still hide its applications from rules
 * that name these; that is not worth a scan, unless a guard depends on it.
 */
const mayAlterReachByMaking = (change: CreateRequest) =>
  change.applications.length > 0 && !newGroupFields(change).enabled;

const NEW_AND_DISABLED =
  'no rule names the new group; it is disabled, and rules that name its application segments were not read';

/** True if a change could move an application or enable or disable a group, however its names resolve. */
function mayAlterReach(change: Exclude<ChangeRequest, AcceptRequest>): boolean {
  if (change.action === 'create') return change.applications.length > 0 || change.enabled !== undefined;
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
