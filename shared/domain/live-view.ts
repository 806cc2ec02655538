import type { ChangeRequest, Reference } from './change.ts';
import { membershipOf } from './change.ts';
import type { Application, RuleScan, SegmentGroup } from './group.ts';

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
  /** Groups that already bear the new name of a rename. */
  nameTakenBy: { id: string; name: string }[];
  /** Rules naming the group; read for a delete only. */
  rules: RuleScan | undefined;
};

/** Every application reference of a change: what it adds, removes, replaces with, or expects. */
export function applicationReferences(change: ChangeRequest): Reference[] {
  const members = change.expect?.members;
  const expected = [...(members?.has ?? []), ...(members?.hasNot ?? [])];
  if (change.action === 'create') return [...change.applications, ...expected];
  if (change.action === 'delete') return expected;
  const asked = membershipOf(change);
  return [...(asked?.add ?? []), ...(asked?.remove ?? []), ...(asked?.replace ?? []), ...expected];
}

/** The name a change would give to a group, where it gives one. */
export function newNameOf(change: ChangeRequest): string | undefined {
  if (change.action === 'create') return change.group.name;
  return change.action === 'update' ? change.set?.name : undefined;
}
