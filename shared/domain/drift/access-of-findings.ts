import type { SegmentGroup } from '../group/group.ts';
import type { RuleReading } from '../group/policy-rule.ts';
import type { RuleReach } from '../outcome/outcome.ts';
import { altersReach, computeReach, type ReachTransition } from '../reach/reach.ts';
import type { DesiredGroup } from '../records/desired-group.ts';
import { newestClaims } from '../records/newest-claims.ts';
import type { Access, AffectedRule, Finding } from './report.ts';

/** A drifted lane as far as access depends on it: its live groups, and the state that tickets approved. */
export type DriftedLane = { live: readonly SegmentGroup[]; desired: readonly DesiredGroup[] };

/** The most rules that a finding names; `ruleCount` counts all of them. */
const MOST_RULES = 20;

/** Answers for one finding at a time what it alone alters, as a transition from the approved state to the live one. */
export function transitionsOfFindings(lane: DriftedLane): (finding: Finding) => ReachTransition[] {
  const homes = homesOf(lane);
  return (finding) => toTransitions(moves(finding, homes));
}

/** The rules that a finding with these transitions affects. */
export function accessOf(transitions: readonly ReachTransition[], reading: RuleReading): Access {
  if (!altersReach(transitions)) return { read: 'not-needed' };
  const reach = computeReach(transitions, reading);
  if (reach.status === 'not-checked') return { read: 'not-read', reason: reach.reason };
  const rules = reach.rules ?? [];
  return {
    read: 'read',
    exposes: rules.some(({ exposes }) => exposes !== 'no'),
    interrupts: rules.some(({ interrupts }) => interrupts !== 'no'),
    rules: rules.slice(0, MOST_RULES).map(toAffectedRule),
    ruleCount: rules.length,
  };
}

const toAffectedRule = ({ policyType, ruleId, ruleName, gains, loses }: RuleReach): AffectedRule => ({
  policyType,
  id: ruleId,
  name: ruleName,
  gains: gains.count,
  loses: loses.count,
});

/** A group that an application is in; undefined: it is in none, or nobody knows in which. */
type Home = { id: string; enabled: boolean } | undefined;

/** One application segment of a finding: its group as approved, and the one it lives in. */
type Move = { application: string; approved: Home; live: Home };

type Homes = ReturnType<typeof homesOf>;

function homesOf({ live, desired }: DriftedLane) {
  const liveGroups = new Map(live.map((group) => [group.id, group]));
  const desiredGroups = new Map(desired.map((group) => [group.groupId, group]));
  const liveHomes = once(
    () => new Map(live.flatMap(({ id, applicationIds }) => applicationIds.map((one) => [one, id] as const))),
  );
  const approvedHomes = once(() => approvedGroups(desired));
  /** The state of the group as it lives: that it is enabled or disabled without approval is a finding of its own. */
  const homeOf = (id: string | undefined): Home => {
    if (id === undefined) return undefined;
    return { id, enabled: liveGroups.get(id)?.enabled ?? desiredGroups.get(id)?.enabled?.value ?? true };
  };
  return {
    homeOf,
    liveGroup: (id: string) => liveGroups.get(id),
    liveHome: (application: string) => homeOf(liveHomes().get(application)),
    approvedHome: (application: string) => homeOf(approvedHomes().get(application)),
    approvedMembers: (id: string) =>
      [...approvedHomes()].flatMap(([application, home]) => (home === id ? [application] : [])),
  };
}

/** Few findings need the maps of all application segments. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The group of each application segment by its latest approval; none where a later ticket took it out there. */
function approvedGroups(desired: readonly DesiredGroup[]): Map<string, string> {
  const claims = [...newestClaims(desired)].filter(([, { isLeft }]) => !isLeft);
  return new Map(claims.map(([application, { group }]) => [application, group.groupId]));
}

function moves(finding: Finding, homes: Homes): Move[] {
  const { kind, facet, group } = finding;
  const own = homes.homeOf(group.id);
  const members = homes.liveGroup(group.id)?.applicationIds ?? [];
  const application = facet.startsWith('app:') ? facet.slice('app:'.length) : '';
  switch (kind) {
    case 'added':
      return [{ application, approved: homes.homeOf(finding.from?.id), live: own }];
    case 'removed':
      return [{ application, approved: own, live: homes.liveHome(application) ?? homes.homeOf(idOf(finding.to)) }];
    case 'missing':
      return homes
        .approvedMembers(group.id)
        .map((one) => ({ application: one, approved: own, live: homes.liveHome(one) }));
    case 'resurrected':
      return members.map((one) => ({ application: one, approved: homes.approvedHome(one), live: own }));
    case 'changed':
      if (facet !== 'enabled' || own === undefined) return [];
      return members.map((one) => ({ application: one, approved: { ...own, enabled: !own.enabled }, live: own }));
    case 'unmanaged':
      return [];
  }
}

const idOf = (to: Finding['to']): string | undefined => (typeof to === 'object' ? to.id : undefined);

/**
 * One transition per group that an application leaves or joins, with these applications only. A group lives on both sides,
 * because rules may name it.
 */
function toTransitions(all: readonly Move[]): ReachTransition[] {
  const sides = new Map<string, { before: Side; after: Side }>();
  const sidesOf = ({ id, enabled }: NonNullable<Home>) => {
    const found = sides.get(id) ?? { before: { enabled, applicationIds: [] }, after: { enabled, applicationIds: [] } };
    sides.set(id, found);
    return found;
  };
  for (const { application, approved, live } of all) {
    if (approved !== undefined) join(sidesOf(approved).before, approved, application);
    if (live !== undefined) join(sidesOf(live).after, live, application);
  }
  return [...sides].map(([id, { before, after }]) => ({
    before: { id, name: '', ...before },
    after: { id, name: '', ...after },
  }));
}

type Side = { enabled: boolean; applicationIds: string[] };

function join(side: Side, { enabled }: NonNullable<Home>, application: string): void {
  side.enabled = enabled;
  side.applicationIds.push(application);
}
