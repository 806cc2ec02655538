import type { ResolvedNames } from '../configuration/grants.ts';
import type { Application, SegmentGroup } from '../group/group.ts';
import type { Reach, Rejection, Resolution } from '../outcome/outcome.ts';

/** What `decide` answers: nothing to do, what would be written, or why not. */
export type Decision =
  | (Resolution & { kind: 'unchanged' })
  | (Resolution & {
      kind: 'write';
      /** The groups to be written, in order: before and after of each. The change's own group is among them. */
      transitions: Transition[];
    })
  | Rejection;

/** One group before and after one write; null: it does not exist. */
export type Transition<Group = SegmentGroup> = { before: Group | null; after: Group | null };

/** Says no where the source has no grant for what the change resolved to. */
export type Permit = (resolved: ResolvedNames) => Rejection | undefined;

/** Applications by `referenceKey`. */
export type ResolvedApplications = ReadonlyMap<string, Application>;

/** Gains and losses per rule need the rules read for every change; only a delete reads them so far. */
export const REACH_UNREAD: Reach = { status: 'not-checked', reason: 'policy rules were not read for this change' };
