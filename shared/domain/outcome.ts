import type { ZpaFault } from './group.ts';
import type { RejectionCode } from './rejection-codes.ts';

/** The writable fields of a group, and how many applications it holds: small enough to keep for ever. */
export type GroupSummary = {
  name: string;
  description: string;
  enabled: boolean;
  applicationCount: number;
};

/** What a change did to, or asked of, one group; names resolved to ids. */
export type Effect = {
  groupId: string;
  before: GroupSummary | null;
  after: GroupSummary | null;
  /** Ids that joined and left the group because of this change. */
  added: string[];
  removed: string[];
};

export type FieldDifference = { field: string; expected: string; found: string };

/** What each policy rule gained or lost. Until rules are read for it, it says so (promise 5). */
export type Reach = { status: 'not-checked'; reason: string } | { status: 'checked'; summary: string };

/** What the approved change says ZPA should hold, resolved: the drift report's source. */
export type Approved = {
  groupId: string;
  microtenantId: string;
  fields: { name?: string; description?: string; enabled?: boolean };
  members: { has: string[]; hasNot: string[]; exactly?: string[] };
  deleted: boolean;
};

type Ended = {
  generation: number;
  /** Epoch ms. */
  at: number;
  /** Times the worker took the change up in this generation. */
  attempts: number;
};

/** The one ending of a change per generation. */
export type Outcome =
  | (Ended & {
      kind: 'applied';
      effect: Effect;
      approved: Approved;
      reach: Reach;
      writeId: string;
      /** Foreign edits seen in the read-back: recorded, never rewritten. */
      overtaken: FieldDifference[];
    })
  | (Ended & { kind: 'unchanged'; effect: Effect; approved: Approved; reach: Reach })
  | (Ended & Rejection)
  | (Ended & { kind: 'cancelled'; by: string; reason: string })
  | (Ended & { kind: 'superseded'; by: string; reason: string });

/** Why a change was rejected, in words a person can act on. */
export type Rejection = {
  kind: 'rejected';
  code: RejectionCode;
  /** This case, with its values. */
  sentence: string;
  remedy: string;
  path?: string;
  zpaError?: ZpaFault;
  /** Named values that help: candidates, before, intended, live; bounded. */
  details?: Record<string, unknown>;
};

/** Sends a settled change still owes, in the order they are done. */
export type Owed = 'desired' | 'dlq' | 'sns';
