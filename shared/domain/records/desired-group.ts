import type { Lane } from '../lane/change-ref.ts';
import type { Versioned } from './versioned.ts';

/** A value that tickets approved, and the change that did. */
export type ApprovedValue<T> = { value: T; sequence: number; key: string };

/** A change that approved something of a group, and when it was settled (epoch ms). */
export type Approver = { key: string; source: string; ticket: string; at: number };

/** The state that tickets approved for one group. It outlives the changes' TTL; the drift report compares with it. */
export type DesiredGroup = Versioned & {
  lane: Lane;
  tenant: string;
  microtenantId: string;
  groupId: string;
  name?: ApprovedValue<string>;
  description?: ApprovedValue<string>;
  enabled?: ApprovedValue<boolean>;
  /** Its name when a change last touched it, approved or not: people recognise a group by name, not by id. */
  seenName?: ApprovedValue<string>;
  /** id → [1 member | 0 not a member, sequence]. */
  members: Record<string, [0 | 1, number]>;
  /**
   * Application segments that are no members any more → the sequence at which they were last approved as such. That approval
   * took them out of every other group for good. The newest ones; records of earlier versions lack it.
   */
  formerly?: Record<string, number>;
  /**
   * The sequence of the latest change that stated the complete membership (create, replace); any other member is drift.
   */
  complete?: number;
  deleted?: { sequence: number; key: string };
  /** The latest change that touched it. */
  last: Approver & { sequence: number };
  /** The changes behind the sequences above, by sequence; older ones may be forgotten. Records of earlier versions lack it. */
  approvals?: Record<string, Approver>;
  /**
   * Sequences of changes that were rejected because ZPA did not have what they would have deleted (`exists`) or taken out (the
   * id of an application segment). If it is gone indeed, its absence is approved.
   */
  unfound?: Record<string, number>;
};

/** The name people know it by: the approved one, or the one it had when a ticket last touched it. */
export const knownName = ({ name, seenName }: Pick<DesiredGroup, 'name' | 'seenName'>): string | undefined =>
  name?.value ?? seenName?.value;
