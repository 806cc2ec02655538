import type { ChangeRequest, Reference } from '../change/change.ts';
import { membershipOf } from '../change/change.ts';
import type { Application, RuleScan, SegmentGroup } from './group.ts';
import type { RuleReading } from './policy-rule.ts';

/** What a name or id led to. Candidates are what an ambiguous name answers to. */
export type Found<T> =
  | { kind: 'found'; value: T }
  | { kind: 'missing' }
  | { kind: 'ambiguous'; candidates: { id: string; name: string }[] };

/** Live state as far as one step needs it, read by `read-live.ts`; decisions are made on nothing else. */
export type LiveView = {
  /** The group the step is about; `missing` is what a create hopes for. */
  group: Found<SegmentGroup>;
  /** By `referenceKey`. */
  applications: ReadonlyMap<string, Found<Application>>;
  /** Names of the members of all these groups by id, as far as ZPA told them: a change may move what it does not name. */
  memberNames: ReadonlyMap<string, string>;
  /** Groups that applications are taken from, by id; read when the change may take them. */
  sources: ReadonlyMap<string, SegmentGroup>;
  /** Where the change sends what leaves the group; undefined if it sends it nowhere. */
  destination: Found<SegmentGroup> | undefined;
  /** Groups that already bear the new name of a rename. */
  nameTakenBy: { id: string; name: string }[];
  /** Rules naming the group, from a fresh scan of everything; read for a delete only. */
  rules: RuleScan | undefined;
  /** Policy rules, for the reach. */
  reading: RuleReading;
};

/** The applications that a change adds, removes, or replaces the membership with. */
export function applicationsNamed(change: ChangeRequest): Reference[] {
  if (change.action === 'create') return change.applications;
  const { add = [], remove = [], replace = [] } = (change.action === 'update' && membershipOf(change)) || {};
  return [...add, ...remove, ...replace];
}

/** Every application reference of a change: `applicationsNamed`, and those that its `expect` mentions. */
export function applicationReferences(change: ChangeRequest): Reference[] {
  const { has = [], hasNot = [] } = change.expect?.members ?? {};
  return [...applicationsNamed(change), ...has, ...hasNot];
}

/** The groups a change names: its own, the one it sends applications to, and the name it gives. */
export function groupsNamed(change: ChangeRequest): Reference[] {
  const named: Reference[] = [change.group];
  if (change.action === 'update' && change.set?.name !== undefined) named.push({ name: change.set.name });
  const destination = destinationOf(change);
  return destination === undefined ? named : [...named, destination];
}

/** The group a change sends applications to, where it names one. */
export function destinationOf(change: ChangeRequest): Reference | undefined {
  if (change.action === 'update') return change.moveTo;
  return change.action === 'delete' ? change.moveApplicationsTo : undefined;
}

/** The name a change would give to a group, where it gives one. */
export function newNameOf(change: ChangeRequest): string | undefined {
  if (change.action === 'create') return change.group.name;
  return change.action === 'update' ? change.set?.name : undefined;
}
