import type { SegmentGroup } from '../group/group.ts';
import type { ChangeRef } from '../lane/change-ref.ts';
import type { Rejection, Resolution } from '../outcome/outcome.ts';
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

/** One change the worker has in hand, at the place and generation it was taken up. */
export type Member = { ref: ChangeRef; generation: number; sequence: number };

/** How a member ends once the write of its step has succeeded (or needs none). */
export type Ending = (Resolution & { kind: 'applied' | 'unchanged' }) | Rejection;

/** A call and the group as it stands immediately before it; null where there is none yet. */
export type PlannedWrite = { write: ZpaWrite; before: SegmentGroup | null };

/** What is about to be written to ZPA, stored before it is. */
export type Intent = {
  writeId: string;
  tenant: string;
  /** In lane order; they settle in this order. */
  members: (Member & { ending: Ending })[];
  /** In the order they are sent; several for a move. */
  writes: PlannedWrite[];
  /** How many of `writes` have a definite success. */
  cursor: number;
  /** The write at the cursor is not sent later than this; 0: it is certainly not under way. */
  sendBefore: number;
  /** When the first of several writes was answered: since then applications may be without a group. */
  openSince?: number;
  /** A write in the middle was refused: these writes take back what was done, and this is why. */
  takingBack?: Rejection;
  /** The id ZPA gave a created group, once its answer came. */
  createdId?: string;
  /** When a look after the last answer first did not show the writes: until the quiet period is over, it may yet. */
  lookedAt?: number;
  /** Set when a write got no definite answer: the fault's code. */
  unanswered?: string;
  /** When its last write was answered; set while it lies aside. */
  answeredAt?: number;
};
