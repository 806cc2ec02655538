import type { Transition } from '../decide/decision.ts';
import type { SegmentGroup } from '../group/group.ts';
import type { PolicyRule, RuleReading } from '../group/policy-rule.ts';
import type { Certainty, Reach, ReachedApplications, RuleReach } from '../outcome/outcome.ts';
import { reachSummary } from '../outcome/reach-text.ts';
import {
  asksForApplications,
  criteriaMet,
  exceeds,
  isSimple,
  levelIfDisabledHides,
  levelOf,
  type Place,
} from './rule-level.ts';

/**
 * Computes the effect of a change on the reach of each policy rule: the applications that the rule gains and loses, and
 * whether that opens or interrupts access. The computation is conservative wherever ZPA's behaviour is not documented:
 * a rule listed needlessly costs a person a moment, a rule left out hides an effect on access.
 */

/** The part of a group that policy rules depend on; a `SegmentGroup` is one. */
type ReachGroup = Pick<SegmentGroup, 'id' | 'name' | 'enabled' | 'applicationIds'>;

/** A transition, as far as policy rules depend on it. */
export type ReachTransition = Transition<ReachGroup>;

/** An application that the change moves, or whose group it enables or disables. */
type PlaceChange = { id: string; before: Place; after: Place };

/**
 * The complete reach of a change; `truncateReach` shortens it for storage. `transitions`: every group the change
 * writes, in order; a group that is written twice may occur twice. `names`: names of applications by id, as far as
 * known.
 */
export function computeReach(
  transitions: readonly ReachTransition[],
  reading: RuleReading,
  names: ReadonlyMap<string, string> = new Map(),
): Reach {
  const moved = placeChanges(transitions);
  if (moved.length === 0) return { status: 'checked', summary: reachSummary([]), rules: [], ruleCount: 0 };
  if (reading.status === 'unread') return { status: 'not-checked', reason: reading.reason };
  const rules = reading.rules
    .filter(concerns(moved))
    .flatMap((rule) => ruleReach(rule, moved, names))
    .sort(byWeight);
  const skipped = [...new Set(reading.skipped.map((one) => one.policyType))];
  const { asOf } = reading;
  return { status: 'checked', summary: reachSummary(rules, asOf), rules, ruleCount: rules.length, asOf, skipped };
}

/**
 * True if these transitions can alter the reach of any rule: an application changes its group, or its group's state.
 */
export function altersReach(transitions: readonly ReachTransition[]): boolean {
  return placeChanges(transitions).length > 0;
}

function placeChanges(transitions: readonly ReachTransition[]): PlaceChange[] {
  const [before, after] = [new Map<string, Place>(), new Map<string, Place>()];
  for (const transition of netTransitions(transitions)) {
    for (const id of transition.before?.applicationIds ?? []) before.set(id, placeIn(transition.before));
    for (const id of transition.after?.applicationIds ?? []) after.set(id, placeAfter(transition));
  }
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((id) => ({ id, before: before.get(id) ?? NOWHERE, after: after.get(id) ?? NOWHERE }))
    .filter((one) => one.before.groupId !== one.after.groupId || one.before.groupDisabled !== one.after.groupDisabled);
}

const NOWHERE: Place = { groupId: undefined, groupDisabled: false };
const placeIn = (group: ReachGroup | null): Place =>
  group === null ? NOWHERE : { groupId: group.id, groupDisabled: !group.enabled };

/** No rule can name a group that does not exist yet, so for every rule its applications are still in no group. */
const placeAfter = ({ before, after }: ReachTransition): Place =>
  before === null ? { ...placeIn(after), groupId: undefined } : placeIn(after);

/**
 * One transition per group: a group that is written twice counts from its first state to its last. Each state must
 * follow from the one before, else what leaves the group in between does not show.
 */
export function netTransitions(transitions: readonly ReachTransition[]): ReachTransition[] {
  const net = new Map<string, ReachTransition>();
  for (const transition of transitions) {
    const id = transition.before?.id ?? transition.after?.id ?? '';
    net.set(id, { before: (net.get(id) ?? transition).before, after: transition.after });
  }
  return [...net.values()];
}

/** True if a rule can have more or less to do with one of the applications, so that it has to be looked at. */
function concerns(moved: readonly PlaceChange[]): (rule: PolicyRule) => boolean {
  const named = new Set<string | undefined>(
    moved.flatMap(({ id, before, after }) => [id, before.groupId, after.groupId]),
  );
  const isNamed = (id: string) => named.has(id);
  const disabled = alikeIfUnnamed(moved);
  return (rule) =>
    rule.conditions.some((one) => one.groupIds.some(isNamed) || one.applicationIds.some(isNamed)) ||
    disabled.some((one) => isShifted(rule, one));
}

/**
 * To a rule that names none of the applications and groups, only a group that becomes disabled or enabled matters, and all
 * members alike: one of each kind stands for them, because a large group with many rules is slow.
 */
function alikeIfUnnamed(moved: readonly PlaceChange[]): PlaceChange[] {
  const switched = moved.filter(({ before, after }) => before.groupDisabled !== after.groupDisabled);
  return [...new Map(switched.map((one) => [one.after.groupDisabled, one])).values()];
}

function isShifted(rule: PolicyRule, one: PlaceChange): boolean {
  const { gains, loses } = shiftOf(rule, one, isSimple(rule));
  return gains !== 'no' || loses !== 'no';
}

function ruleReach(rule: PolicyRule, moved: readonly PlaceChange[], names: ReadonlyMap<string, string>): RuleReach[] {
  if (!rule.conditions.some(asksForApplications)) return [];
  const simple = isSimple(rule);
  const shifts = moved.map((one) => ({ id: one.id, ...shiftOf(rule, one, simple) }));
  const [gained, lost] = [shifts.filter((one) => one.gains !== 'no'), shifts.filter((one) => one.loses !== 'no')];
  if (gained.length + lost.length === 0) return [];
  const { policyType, ruleId, ruleName, ruleOrder, microtenantId, action, disabled } = rule;
  const [gainsCertainty, lossesCertainty] = [
    highestCertainty(gained.map((one) => one.gains)),
    highestCertainty(lost.map((one) => one.loses)),
  ];
  return [
    {
      policyType,
      ruleId,
      ruleName,
      ...(ruleOrder !== undefined && { ruleOrder }),
      microtenantId,
      ...(action !== undefined && { action }),
      disabled,
      gains: reachedApplications(gained, gainsCertainty, names),
      loses: reachedApplications(lost, lossesCertainty, names),
      ...accessEffect(rule, gainsCertainty, lossesCertainty),
    },
  ];
}

type Shift = { gains: Certainty; loses: Certainty };

/** Whether a rule gains or loses one application, under both assumptions about disabled groups. */
function shiftOf(rule: PolicyRule, { id, before, after }: PlaceChange, simple: boolean): Shift {
  const [was, is] = [levelOf(rule, id, before), levelOf(rule, id, after)];
  const [hiddenWas, hiddenIs] = [levelIfDisabledHides(rule, id, before), levelIfDisabledHides(rule, id, after)];
  const gains = agreed(exceeds(is, was), exceeds(hiddenIs, hiddenWas), simple);
  const loses = agreed(exceeds(was, is), exceeds(hiddenWas, hiddenIs), simple);
  const unseen = !simple && gains === 'no' && loses === 'no';
  const touched = criteriaMet(rule, id, before) !== criteriaMet(rule, id, after);
  return unseen && touched ? { gains: 'may', loses: 'may' } : { gains, loses };
}

function agreed(one: boolean, other: boolean, simple: boolean): Certainty {
  if (one && other && simple) return 'yes';
  return one || other ? 'may' : 'no';
}

function highestCertainty(list: readonly Certainty[]): Certainty {
  if (list.includes('yes')) return 'yes';
  return list.includes('may') ? 'may' : 'no';
}

function reachedApplications(
  list: readonly { id: string }[],
  sure: Certainty,
  names: ReadonlyMap<string, string>,
): ReachedApplications {
  const applications = list.map(({ id }) => {
    const name = names.get(id);
    return name === undefined ? { id } : { id, name };
  });
  return { count: list.length, sure, applications };
}

/** Whether a rule allows or denies access. Only access rules do; all others determine how an application is reached. */
function stanceOf({ policyType, action }: PolicyRule): 'allows' | 'denies' | 'unclear' | 'neutral' {
  if (action === 'ALLOW') return 'allows';
  if (action === 'DENY') return 'denies';
  // REQUIRE_APPROVAL opens access to the people with an approval and closes it to everybody else.
  return policyType === 'ACCESS_POLICY' ? 'unclear' : 'neutral';
}

function accessEffect(
  rule: PolicyRule,
  gains: Certainty,
  loses: Certainty,
): { exposes: Certainty; interrupts: Certainty } {
  const stance = stanceOf(rule);
  if (rule.disabled || stance === 'neutral') return { exposes: 'no', interrupts: 'no' };
  if (stance === 'allows') return { exposes: gains, interrupts: loses };
  if (stance === 'denies') return { exposes: loses, interrupts: gains };
  return { exposes: 'may', interrupts: 'may' };
}

/** Rules that open or interrupt access come first, disabled rules last; within that, by policy type and order. */
export function byWeight(a: RuleReach, b: RuleReach): number {
  const order = (rule: RuleReach) => Number(rule.ruleOrder ?? Number.MAX_SAFE_INTEGER);
  return (
    weightOf(b) - weightOf(a) ||
    compare(a.policyType, b.policyType) ||
    order(a) - order(b) ||
    compare(a.ruleId, b.ruleId)
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function weightOf({ exposes, interrupts, disabled }: RuleReach): number {
  if (exposes === 'yes' || interrupts === 'yes') return 3;
  if (exposes === 'may' || interrupts === 'may') return 2;
  return disabled ? 0 : 1;
}

/** The first `mostRules` rules, each with at most `mostApplications` gained and lost; the counts stay. */
export function truncateReach(reach: Reach, mostRules = 20, mostApplications = 5): Reach {
  if (reach.status === 'not-checked' || reach.rules === undefined) return reach;
  const cut = (list: ReachedApplications): ReachedApplications => ({
    ...list,
    applications: list.applications.slice(0, mostApplications),
  });
  const rules = reach.rules
    .slice(0, mostRules)
    .map((one) => ({ ...one, gains: cut(one.gains), loses: cut(one.loses) }));
  return { ...reach, rules };
}
