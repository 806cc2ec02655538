import { lookup } from '../../configuration/lookup.ts';
import type { GroupReading } from '../../group/group.ts';
import { approverOf } from '../../records/approvers.ts';
import type { Approver, DesiredGroup } from '../../records/desired-group.ts';
import { type Claim, newestClaims } from '../../records/newest-claims.ts';
import type { Finding, GroupRef } from '../report.ts';
import type { Home } from './live-tenant.ts';
import { membershipWriter } from './membership-writer.ts';
import { type Comparison, type Difference, findingOf, managedGroup } from './subject.ts';

/** A managed group that was read. */
export type CheckedGroup = { desired: DesiredGroup; found: GroupReading };

/** Application segments of a group of which two readings disagree where they are. */
export type Doubt = { desired: DesiredGroup; applicationIds: string[] };

/**
 * Application segments that joined or left groups without approval, each one once: what left its approved group is told there,
 * with its place now, and not again where it is. An application segment that no ticket named counts only in a group of which
 * one stated the complete membership.
 */
export function membershipFindings(comparison: Comparison, checked: readonly CheckedGroup[]) {
  const claims = newestClaims(comparison.desired);
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
        settledAt: statementsAbout(comparison.desired, applicationId),
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

/** Instants at which changes were settled that state something about an application segment; few differ, so each is looked for. */
function statementsAbout(groups: readonly DesiredGroup[], id: string): number[] {
  return groups.flatMap((group) => {
    const stated = lookup(group.members, id);
    return stated === undefined ? [] : (approverOf(group, stated[1])?.at ?? []);
  });
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

/** `elsewhere`: a later approval put it into another group, where its absence is told, and took it out of that one no more. */
function statementOf({ groupId, members }: DesiredGroup, id: string, claim: Claim | undefined) {
  const [member, sequence] = lookup(members, id) ?? [0, 0];
  if (member === 0) return 'no-member';
  if (claim === undefined || claim.group.groupId === groupId || claim.sequence <= sequence) return 'member';
  return claim.isLeft ? 'no-member' : 'elsewhere';
}

/** A ticket would have taken it out after it was approved, and did not find it. */
const wasSought = ({ unfound, members }: DesiredGroup, id: string) =>
  (lookup(unfound ?? {}, id) ?? 0) >= (lookup(members, id)?.[1] ?? Number.POSITIVE_INFINITY);

function removal(desired: DesiredGroup, applicationId: string, home: Exclude<Home, 'in-doubt'>): MembershipDifference {
  const to = home === 'unknown' ? {} : { to: typeof home === 'object' ? home.group : home };
  return {
    kind: 'removed',
    facet: `app:${applicationId}`,
    applicationId,
    before: 'in the group',
    after: 'not in the group',
    ...to,
    approver: approverOf(desired, lookup(desired.members, applicationId)?.[1]),
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
    approver: approverOfAbsence(desired, applicationId, claim),
  };
}

/**
 * The change that named just this application segment, else the one that stated the complete membership. Where a later ticket
 * put it into another group, it is the change that did, or that took it out there.
 */
function approverOfAbsence(desired: DesiredGroup, id: string, claim: Claim | undefined): Approver | undefined {
  const [member, named] = lookup(desired.members, id) ?? [];
  if (member === 0) return approverOf(desired, named);
  const other = claim?.group.groupId === desired.groupId ? undefined : claim?.group;
  const elsewhere = member === 1 || claim?.isLeft === false ? other && absenceIn(other, id) : undefined;
  return elsewhere ?? approverOf(desired, desired.complete);
}

/** The latest statement of the group about it, be it a member or not. */
const absenceIn = (group: DesiredGroup, id: string) =>
  approverOf(group, lookup(group.members, id)?.[1] ?? Math.max(group.complete ?? 0, group.deleted?.sequence ?? 0));

function refTo(group: DesiredGroup): GroupRef {
  const { id, name } = managedGroup(group);
  return { id, name };
}
