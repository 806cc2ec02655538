import type { GroupReading } from '../../group/group.ts';
import { approverOf } from '../../records/approvers.ts';
import type { Approver, DesiredGroup } from '../../records/desired-group.ts';
import type { Finding, GroupRef } from '../report.ts';
import type { Home } from './live-tenant.ts';
import { membershipWriter } from './membership-writer.ts';
import { type Comparison, type Difference, findingOf, managedGroup } from './subject.ts';

/** A managed group that was read. */
export type CheckedGroup = { desired: DesiredGroup; found: GroupReading };

/** The latest approval that put an application segment into a group; `isLeft`: a later one took it out there. */
type Claim = { group: DesiredGroup; sequence: number; isLeft: boolean };

/** Application segments of a group of which two readings disagree where they are. */
export type Doubt = { desired: DesiredGroup; applicationIds: string[] };

/**
 * Application segments that joined or left groups without approval, each one once: what left its approved group is told there,
 * with its place now, and not again where it is. An application segment that no ticket named counts only in a group of which
 * one stated the complete membership.
 */
export function membershipFindings(comparison: Comparison, checked: readonly CheckedGroup[]) {
  const claims = newestClaims(comparison.desired);
  const settledAt = statementsAbout(comparison.desired);
  const [removed, added]: [Finding[], Finding[]] = [[], []];
  const doubts: Doubt[] = [];
  for (const each of checked) {
    const { differences, inDoubt } = differencesOf(comparison, each, claims);
    const { desired, found } = each;
    const group = managedGroup(desired, found);
    for (const { applicationId, ...difference } of differences) {
      const { live } = comparison;
      const stamp = live.application(applicationId);
      const application = { id: applicationId, name: stamp?.name ?? applicationId };
      const writer = membershipWriter(comparison, {
        stamp,
        settledAt: settledAt.get(applicationId) ?? [],
        approver: difference.approver,
        groups: [found, ...destinationOf(comparison, difference)],
      });
      const about = { ...difference, application, ...(writer && { writer }) };
      const list = difference.kind === 'removed' ? removed : added;
      list.push(findingOf(comparison, group, { desired, found }, about));
    }
    if (inDoubt.length > 0) doubts.push({ desired, applicationIds: inDoubt });
  }
  const moved = new Set(removed.map(({ facet }) => facet));
  return { findings: [...removed, ...added.filter(({ facet }) => !moved.has(facet))], doubts };
}

/** The group that took over what left another, if it was read. */
function destinationOf({ live }: Comparison, { to }: Difference): GroupReading[] {
  const group = typeof to === 'object' ? live.groups.get(to.id) : undefined;
  return group === undefined ? [] : [group];
}

/**
 * An application segment belongs to one group only (help.zscaler.com, "About Segment Groups"), so the newest approval removes it
 * from every other group.
 */
function newestClaims(groups: readonly DesiredGroup[]): Map<string, Claim> {
  const claims = new Map<string, Claim>();
  const claim = (id: string, one: Claim) => {
    if (one.sequence > (claims.get(id)?.sequence ?? 0)) claims.set(id, one);
  };
  for (const group of groups) {
    for (const [id, [member, sequence]] of Object.entries(group.members)) {
      if (member === 1) claim(id, { group, sequence, isLeft: false });
    }
    for (const [id, sequence] of Object.entries(group.formerly ?? {})) claim(id, { group, sequence, isLeft: true });
  }
  return claims;
}

/** Instants at which changes were settled that state something about an application segment. */
function statementsAbout(groups: readonly DesiredGroup[]): Map<string, number[]> {
  const instants = new Map<string, number[]>();
  for (const group of groups) {
    for (const [id, [, sequence]] of Object.entries(group.members)) {
      const at = approverOf(group, sequence)?.at;
      if (at !== undefined) instants.set(id, [...(instants.get(id) ?? []), at]);
    }
  }
  return instants;
}

type MembershipDifference = Difference & { applicationId: string };

function differencesOf(comparison: Comparison, { desired, found }: CheckedGroup, claims: ReadonlyMap<string, Claim>) {
  const listed = new Set(found.applicationIds);
  const differences: MembershipDifference[] = [];
  const inDoubt: string[] = [];
  for (const id of new Set([...Object.keys(desired.members), ...(desired.complete === undefined ? [] : listed)])) {
    const claim = claims.get(id);
    const stated = statementOf(desired, id, claim);
    if (stated === 'elsewhere') continue;
    const home = comparison.live.homeOf(id, found.microtenantId);
    if (home === 'in-doubt') {
      if (listed.has(id) !== (stated === 'member')) inDoubt.push(id);
      continue;
    }
    const isMember = typeof home === 'object' && home.group.id === found.id;
    if (isMember === (stated === 'member')) continue;
    if (isMember) differences.push(addition(desired, id, claim));
    else if (home !== 'gone' || !wasSought(desired, id)) differences.push(removal(desired, id, home));
  }
  return { differences, inDoubt };
}

/** `elsewhere`: a later approval put it into another group, where its absence is told. */
function statementOf({ groupId, members }: DesiredGroup, id: string, claim: Claim | undefined) {
  const [member, sequence] = members[id] ?? [0, 0];
  if (member === 0) return 'no-member';
  return claim !== undefined && claim.group.groupId !== groupId && claim.sequence > sequence ? 'elsewhere' : 'member';
}

/** A ticket would have taken it out after it was approved, and did not find it. */
const wasSought = ({ unfound, members }: DesiredGroup, id: string) =>
  (unfound?.[id] ?? 0) >= (members[id]?.[1] ?? Number.POSITIVE_INFINITY);

function removal(desired: DesiredGroup, applicationId: string, home: Exclude<Home, 'in-doubt'>): MembershipDifference {
  const to = home === 'unknown' ? {} : { to: typeof home === 'object' ? home.group : home };
  return {
    kind: 'removed',
    facet: `app:${applicationId}`,
    applicationId,
    before: 'in the group',
    after: 'not in the group',
    ...to,
    approver: approverOf(desired, desired.members[applicationId]?.[1]),
  };
}

function addition(desired: DesiredGroup, applicationId: string, claim: Claim | undefined): MembershipDifference {
  const isElsewhere = claim !== undefined && !claim.isLeft && claim.group.groupId !== desired.groupId;
  const from = isElsewhere ? claim.group : undefined;
  return {
    kind: 'added',
    facet: `app:${applicationId}`,
    applicationId,
    before: 'not in the group',
    after: 'in the group',
    ...(from && { from: refTo(from) }),
    approver: approverOfAbsence(desired, applicationId, from),
  };
}

/** The change that named just this application segment, else the one that stated the complete membership. */
function approverOfAbsence(desired: DesiredGroup, id: string, from: DesiredGroup | undefined): Approver | undefined {
  const named = desired.members[id]?.[1];
  if (named !== undefined) return approverOf(desired, named);
  const elsewhere = from && approverOf(from, from.members[id]?.[1]);
  return elsewhere ?? approverOf(desired, desired.complete);
}

function refTo(group: DesiredGroup): GroupRef {
  const { id, name } = managedGroup(group);
  return { id, name };
}
