import type { ResolvedNames } from '../configuration/grants.ts';
import type { Application, SegmentGroup } from '../group/group.ts';
import type { Reach, Rejection, Resolution } from '../outcome/outcome.ts';

/** The result of `decide`: nothing to do, the writes that are needed, or the rejection. */
export type Decision =
  | (Resolution & { kind: 'unchanged' })
  | (Resolution & {
      kind: 'write';
      /**
       * The groups to be written, in order, among them the change's own. A group may be written more than once; each
       * write starts from the state that the one before leaves.
       */
      transitions: Transition[];
    })
  | Rejection;

/** One group before and after one write; null: it does not exist. */
export type Transition<Group = SegmentGroup> = { before: Group | null; after: Group | null };

/** Rejects a change if its source has no grant for the names it resolved to. */
export type Permit = (resolved: ResolvedNames) => Rejection | undefined;

/** Applications by `referenceKey`. */
export type ResolvedApplications = ReadonlyMap<string, Application>;

/** The reach before `guardedDecision` computes it from the policy rules. */
export const REACH_UNREAD: Reach = { status: 'not-checked', reason: 'policy rules were not read for this change' };
