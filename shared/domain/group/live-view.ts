import { type ChangeRequest, membershipOf, type Reference } from '../change/change.ts';
import { acceptedApplications, acceptedMembers, expectedApplications } from '../change/stated-members.ts';
import type { Application, RuleScan, SegmentGroup } from './group.ts';
import type { RuleReading } from './policy-rule.ts';

/** The result of resolving a name or id; `candidates` are all objects that an ambiguous name matches. */
export type Found<T> =
  | { kind: 'found'; value: T }
  | { kind: 'missing' }
  | { kind: 'ambiguous'; candidates: { id: string; name: string }[] };

/** The live state that one step needs, read by `read-live.ts`; a decision depends on nothing else. */
export type LiveView = {
  /** The group the step changes; a create expects it to be `missing`. */
  group: Found<SegmentGroup>;
  /** By `referenceKey`. */
  applications: ReadonlyMap<string, Found<Application>>;
  /**
   * Members' names of all these groups by id, as far as ZPA returned them: a change may move members it does not name.
   */
  memberNames: ReadonlyMap<string, string>;
  /** Groups that applications move away from, by id; read if the change may move them. */
  sources: ReadonlyMap<string, SegmentGroup>;
  /** The group that receives the applications that leave; undefined if the change names none. */
  destination: Found<SegmentGroup> | undefined;
  /** Groups that already have the new name of a rename. */
  nameTakenBy: { id: string; name: string }[];
  /** Rules that name the group, from a fresh scan of all policy types; read for a delete only. */
  rules: RuleScan | undefined;
  /** The policy rules from which the reach is computed. */
  reading: RuleReading;
  /** Read for an accept only, and not by a plan, which does not know the ledger. */
  approvedBefore?: ApprovedBefore | undefined;
  /**
   * Read where ZPA lacks what the change would end and tickets approved that: its rejection approves the absence
   * (`unfound.ts`), which needs the grants and the approvals of an accept. Not read by a plan.
   */
  soughtBefore?: SoughtBefore | undefined;
};

/** The states that tickets approved so far, as far as an accept departs from them. */
export type ApprovedBefore = {
  /** The group itself, by the name that tickets know; undefined: no ticket approved anything of it. */
  group: { name: string | undefined; microtenantId: string } | undefined;
  /** Approved members that the accept says are none. */
  dropped: string[];
  /**
   * Other groups into which tickets approved applications that the accept says are members of this one, and, without a name,
   * groups whose records cannot be read and may hold such; this one among them.
   */
  others: { id: string; name: string | undefined; applicationIds: string[] }[];
};

/** The group as tickets know it, and its approved members that the change would take out. */
export type SoughtBefore = { group: { id: string; name: string | undefined }; dropped: string[] };

/** The applications that a change adds, removes, replaces the membership with, or accepts as they are. */
export function applicationsNamed(change: ChangeRequest): Reference[] {
  if (change.action === 'create') return change.applications;
  if (change.action === 'accept') return acceptedApplications(change);
  const { add = [], remove = [], replace = [] } = (change.action === 'update' && membershipOf(change)) || {};
  return [...add, ...remove, ...replace];
}

/** Every application reference of a change: `applicationsNamed`, and those that its `expect` mentions. */
export function applicationReferences(change: ChangeRequest): Reference[] {
  return [...applicationsNamed(change), ...expectedApplications(change)];
}

/**
 * The references that must be looked up before a change is decided. Ids that it states as members are not among them: the
 * group's own read has their names, and an id that is no member differs whatever it is called. Members that an accept drops
 * are, because their names must be granted.
 */
export function applicationsToRead(change: ChangeRequest, approvedBefore?: ApprovedBefore): Reference[] {
  if (change.action === 'accept') {
    const leaving = new Set([...acceptedMembers(change).hasNot, ...(approvedBefore?.dropped ?? [])]);
    return [...leaving].map((id) => ({ id }));
  }
  const { has = [], hasNot = [], exactly = [] } = change.expect?.members ?? {};
  return [...applicationsNamed(change), ...has, ...hasNot, ...exactly.filter((one) => 'name' in one)];
}

/** The groups a change names: its own, the one it sends applications to, and the name it gives. */
export function groupsNamed(change: ChangeRequest): Reference[] {
  const named: Reference[] = [change.group];
  if (change.action === 'update' && change.set?.name !== undefined) named.push({ name: change.set.name });
  const destination = destinationOf(change);
  return destination === undefined ? named : [...named, destination];
}

/** The group a change moves applications to, if it names one. */
export function destinationOf(change: ChangeRequest): Reference | undefined {
  if (change.action === 'update') return change.moveTo;
  return change.action === 'delete' ? change.moveApplicationsTo : undefined;
}

/** The name a change would give to a group, if it gives one. */
export function newNameOf(change: ChangeRequest): string | undefined {
  if (change.action === 'create') return change.group.name;
  return change.action === 'update' ? change.set?.name : undefined;
}
