import type { Action } from '../../../shared/domain/change/change.ts';
import type { ChangeRef } from '../../../shared/domain/lane/change-ref.ts';
import type { LaneStanding } from '../../../shared/domain/notice/lane-standing.ts';
import type { Owed } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeState } from '../../../shared/domain/records/change-record.ts';

/** The local world at one moment, as plain data for the page, the table of `npm start` and tests. */
export type Snapshot = {
  /** Epoch ms. */
  at: number;
  lanes: LaneView[];
  /** Newest first. */
  changes: ChangeView[];
  /** Keys of changes and lanes whose records cannot be read; they are in no other list and no count. */
  unreadable: string[];
  tenants: TenantView[];
  /** Places of the lanes that are not settled yet, and settled changes that still owe a send. */
  open: number;
  owing: number;
  /** Messages on the two queues. */
  queued: number;
  deadLettered: number;
};

export type LaneView = {
  lane: string;
  tenants: string[];
  state: LaneStanding['state'];
  /**
   * Explains the state: the write of a `working` lane; for a lane that does not go on, why, and when it is tried again.
   */
  note: string;
  open: number;
  settled: number;
  budget: { reads: number; writes: number; readsAllowed: number; writesAllowed: number; windowSeconds: number };
};

/** A change's progress; `working` while a worker works it. */
export type Phase = Exclude<ChangeState, 'settled'> | 'working' | 'settled';

export type ChangeView = {
  ref: ChangeRef;
  sequence: number;
  generation: number;
  action: Action;
  /** Name or id of the group, as requested; its name where the outcome has it. */
  group: string;
  /** The requested change, in a few words. */
  asks: string;
  ticket: { id: string; url: string | undefined; system: string };
  phase: Phase;
  acceptedAt: number;
  settledAt: number | undefined;
  attempts: number;
  outcome: string | undefined;
  /** Rejection code, where there is one. */
  code: string | undefined;
  /** Why, one sentence. */
  why: string;
  remedy: string;
  /** ZPA's own words, where it answered with any. */
  zpaError: string;
  /** Sends it still owes. */
  owes: Owed[];
  /** Rejected, and neither retried nor dismissed. */
  failed: boolean;
  statusUrl: string;
};

export type GroupView = {
  id: string;
  name: string;
  description: string;
  enabled: boolean;
  readOnly: boolean;
  applications: { id: string; name: string }[];
  /** Names of policy rules that name this group. */
  rules: string[];
};

export type TenantView = {
  name: string;
  customerId: string;
  cloud: string;
  groups: GroupView[];
  /** Calls the simulator answered since it started. */
  writes: number;
};
