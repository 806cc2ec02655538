import type { SegmentGroup } from '../group/group.ts';
import type { ChangeRef } from '../lane/change-ref.ts';
import type { Rejection, Resolution, UnstampedOutcome } from '../outcome/outcome.ts';

/** One call of an intent. `update` goes through v2 with explicit deltas, or v1 with the full fresh list. */
export type ZpaWrite =
  | {
      kind: 'create';
      name: string;
      description: string;
      enabled: boolean;
      configSpace: string;
      applicationIds: string[];
      microtenantId: string;
    }
  | {
      kind: 'update';
      via: 'v1' | 'v2';
      groupId: string;
      microtenantId: string;
      fields: { name: string; description: string; enabled: boolean; configSpace: string };
      addedApps: string[];
      deletedApps: string[];
    }
  | { kind: 'delete'; groupId: string; microtenantId: string };

/** A change that the worker is processing, with the position and generation it had when the worker read it. */
export type Member = { ref: ChangeRef; generation: number; sequence: number };

/** The ending of a member once the write of its step has succeeded, or if it needs none. */
export type Ending = ({ kind: 'applied' | 'unchanged' } & Resolution) | Rejection;

/** A change whose intent has ended with this outcome while its record could not be read. */
export type EndedMember = Member & { outcome: UnstampedOutcome };

/** A call and the group as it is immediately before it; null if the call creates the group. */
export type PlannedWrite = { write: ZpaWrite; before: SegmentGroup | null };

/** Writes to ZPA, stored before the first of them is sent. */
export type Intent = {
  writeId: string;
  tenant: string;
  /** In lane order; they settle in this order. */
  members: (Member & { ending: Ending })[];
  /** In the order in which they are sent; a move has several. */
  writes: PlannedWrite[];
  /** The number of `writes` that have definitely succeeded. */
  cursor: number;
  /** The write at the cursor is not sent after this instant; 0: it is certainly not under way. */
  sendBefore: number;
  /** When the first of several writes was answered; from then on applications may be without a group. */
  openSince?: number;
  /** A later write was refused for this reason; the writes now compensate those that had succeeded. */
  takingBack?: Rejection;
  /** An operator ended it with this outcome: it is settled so, and ZPA is neither read nor written for it. */
  released?: Rejection;
  /** The id ZPA gave a created group, once its answer came. */
  createdId?: string;
  /** When a read after the last answer first did not show the writes; until the quiet period ends, a later read may. */
  lookedAt?: number;
  /** Failed tries of the next write since the last write was answered, and failed looks since the last of these tries. */
  trouble?: { tries: number; looks?: number; retryAt: number; error?: string };
  /** The fault's code, once a write got no definite answer. */
  unanswered?: string;
  /** A write without an answer counts as ours by what a read shows, and somebody else may have made the same. */
  adopted?: true;
  /** When its last write was answered; set while it awaits its read-back. */
  answeredAt?: number;
};
