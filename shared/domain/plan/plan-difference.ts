import type { ChangeRequest } from '../change/change.ts';
import { mayUpdate } from '../change/if-exists.ts';
import type { ChangeScope } from '../decide/accepted-scope.ts';
import { NEW_GROUP } from '../decide/group-content.ts';
import { applicationsNamed, groupsNamed } from '../group/live-view.ts';
import { formatCount } from '../text/sentence.ts';
import { digestOf, type ExposedRule, type NamedExposedRule } from './exposed-rules.ts';
import { type DecidedChange, exposedBy, type PlanBinding } from './plan-binding.ts';
import { resolveReferences } from './resolved-references.ts';

/** Why an approved change no longer agrees with its plan, for a rejection `plan-outdated`. */
export type PlanDifference = {
  sentence: string;
  details: {
    /** The first 12 characters of its hash, as the ticket shows them. */
    plan: string;
    /** Names that resolve to another object. */
    names: { kind: string; name: string; planned: string; now: string }[];
    /** Rules that would open more access; `applications`: the first of those that the plan did not have. */
    rules: { policyType: string; ruleId: string; ruleName: string; applications: string[] }[];
  };
};

/** Most entries of each list in the details; the sentence counts all. */
const SHOWN = 20;

/**
 * The difference between a change as decided now and its plan; undefined if each name resolves as it did and the change
 * opens no more access. Less access, fields that somebody else changed since, and names that no longer resolve are not
 * differences: `decide` judges those. A reach that was planned and cannot be computed now is a difference.
 */
export function planDifference(plan: PlanBinding, now: DecidedChange): PlanDifference | undefined {
  const names = changedReferences(plan, now);
  const opened = plan.exposes === null ? [] : exposedBy(now);
  const rules = opened === undefined ? [] : newlyExposed(plan.exposes ?? [], opened);
  const parts = [
    ...names.slice(0, 3).map(({ kind, name, planned, now: id }) => nameSentence(kind, name, planned, id)),
    ...(names.length > 3 ? [`${formatCount(names.length - 3, 'more name')} as well`] : []),
    ...(rules.length > 0 ? [ruleSentence(rules)] : []),
    ...(opened === undefined && now.decision.kind !== 'rejected'
      ? ['the policy rules were not read, so it is unknown whether it opens more access than planned']
      : []),
  ];
  return parts.length === 0 ? undefined : differenceOf(plan, parts, { names, rules });
}

function differenceOf(
  { hash }: PlanBinding,
  parts: readonly string[],
  { names, rules }: Omit<PlanDifference['details'], 'plan'> = { names: [], rules: [] },
): PlanDifference {
  const plan = hash.slice(0, 12);
  return {
    sentence: `This is not what was approved as plan ${plan}: ${parts.join('; ')}`,
    details: { plan, names: names.slice(0, SHOWN), rules: rules.slice(0, SHOWN) },
  };
}

/**
 * The difference if a plan was made for another ZPA customer or microtenant than its change was accepted for, which `scope`
 * names. A plan of an earlier version does not say for which it was made. An id does: it exists in one customer and
 * microtenant only, so `planDifference` and `decide` find out. Without any id nothing does, and the plan is outdated.
 */
export function planScopeDifference(
  plan: PlanBinding,
  change: ChangeRequest,
  scope: ChangeScope,
): PlanDifference | undefined {
  const { lane, microtenantId } = plan;
  if (lane === undefined || microtenantId === undefined) {
    const why = 'an earlier version made the plan, and it does not tell for which ZPA customer and microtenant';
    return holdsAnId(plan, change) ? undefined : differenceOf(plan, [why]);
  }
  if (lane === scope.lane && microtenantId === scope.microtenantId) return undefined;
  const planned = `it was planned for ZPA customer ${lane}, microtenant id ${microtenantId}`;
  return differenceOf(plan, [`${planned}, and accepted for ${scope.lane}, microtenant id ${scope.microtenantId}`]);
}

function holdsAnId({ resolved }: PlanBinding, change: ChangeRequest): boolean {
  const named = [...groupsNamed(change), ...applicationsNamed(change)];
  // A create passes where the group that stood in its way is missing, so that group's id, the last one, proves nothing.
  const proving = change.action === 'create' && !mayUpdate(change) ? resolved.slice(0, -1) : resolved;
  return proving.some((id) => id !== '' && id !== NEW_GROUP) || named.some((reference) => 'id' in reference);
}

function changedReferences(plan: PlanBinding, { change, live }: DecidedChange): PlanDifference['details']['names'] {
  return resolveReferences(change, live).flatMap(({ kind, name, id }, index) => {
    const planned = plan.resolved[index] ?? '';
    // An earlier change of this ticket may have created it since; a create without `ifExists` was to create it itself.
    const appeared = planned === '' && id !== '' && change.action === 'create' && kind === 'group';
    const moved = planned !== '' && id !== '' && planned !== id && planned !== NEW_GROUP;
    // Without the group, a create that was to update it would create another one.
    const gone = planned !== '' && id === '' && planned !== NEW_GROUP && mayUpdate(change) && kind === 'group';
    return moved || appeared || gone ? [{ kind, name, planned, now: id }] : [];
  });
}

function nameSentence(kind: string, name: string, planned: string, now: string): string {
  const what = kind === 'group' ? 'segment group' : 'application segment';
  if (now === '') return `${what} "${name}" was ${planned} and is gone`;
  return planned === ''
    ? `${what} "${name}" exists by now (${now})`
    : `${what} "${name}" was ${planned} and is ${now} now`;
}

/**
 * Rules that open an application the plan did not have, or open for certain an application that they only might open.
 */
function newlyExposed(
  planned: readonly ExposedRule[],
  now: readonly NamedExposedRule[],
): PlanDifference['details']['rules'] {
  const before = new Map(planned.map((one) => [one.rule, one]));
  return now.flatMap((one) => {
    const was = before.get(one.rule);
    const added = was === undefined ? listed(one.applications) : addedApplications(was.applications, one.applications);
    const certain = was?.sure === 'may' && one.sure === 'yes';
    if (was !== undefined && added === undefined && !certain) return [];
    const [policyType = '', ruleId = ''] = one.rule.split('/');
    return [{ policyType, ruleId, ruleName: one.ruleName, applications: (added ?? []).slice(0, SHOWN) }];
  });
}

type ExposedApplications = ExposedRule['applications'];
const listed = (opened: ExposedApplications): string[] => (Array.isArray(opened) ? opened : []);

/**
 * Applications opened now and not in the plan; undefined: none. Digests can only be equal or not: unequal ones return
 * [].
 */
function addedApplications(was: ExposedApplications, is: ExposedApplications): string[] | undefined {
  if (Array.isArray(was) && Array.isArray(is)) {
    const known = new Set(was);
    const more = is.filter((id) => !known.has(id));
    return more.length === 0 ? undefined : more;
  }
  const [before, after] = [was, is].map((one) => (Array.isArray(one) ? digestOf(one) : one));
  return before?.digest === after?.digest ? undefined : [];
}

function ruleSentence(rules: PlanDifference['details']['rules']): string {
  const [first] = rules;
  const others = rules.length === 1 ? '' : ` and ${formatCount(rules.length - 1, 'more policy rule')}`;
  return `policy rule "${first?.ruleName}"${others} would open access that the plan did not have`;
}
