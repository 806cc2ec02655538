import type { ChangeRequest } from '../change/change.ts';
import type { ChangeRef } from '../lane/change-ref.ts';
import type { Outcome, Owed } from '../outcome/outcome.ts';
import type { PlanBinding } from '../plan/plan-binding.ts';
import type { Versioned } from './versioned.ts';
/** Where a change is. `accepted`: in the ledger, perhaps not yet sent. `settled`: it has its outcome. */
export type ChangeState = 'accepted' | 'queued' | 'scheduled' | 'settled';

export type ChangeRecord = Versioned & {
  ref: ChangeRef;
  /** The parsed change, defaults filled in, without its ticket. */
  change: ChangeRequest;
  fingerprint: string;
  ticket: NonNullable<ChangeRequest['ticket']>;
  correlationId: string;
  /** Its place in the lane; a redriven change gets a new one. */
  sequence: number;
  state: ChangeState;
  /** 1 at acceptance, one more per redrive. */
  generation: number;
  /** Acceptance of this generation; the retry window counts from here, or from its release. */
  acceptedAt: number;
  /** While `scheduled`: when it is to be released, as far as known. */
  scheduledFor?: number;
  /** Its last release from `scheduled`. */
  releasedAt?: number;
  /** What its approver saw, where the ticket was planned before it was approved: the worker holds it to that. */
  plan?: PlanBinding;
  /** Somebody asked for it back (docs/adr/0006). */
  cancelRequest?: CancelRequest;
  /** Last time a message for it was sent; 0 before the first. */
  sentAt: number;
  /** Times the worker took it up and met an error of its own. */
  attempts: number;
  /** Set when `state` is `settled`. */
  outcome?: Outcome;
  /** Sends it still owes; empty when none. */
  pending: Owed[];
  /** Outcomes of earlier generations, oldest first; at most 20 are kept. */
  history: Outcome[];
  /** Rejected and neither redriven nor discarded: listed by `failures list`. */
  failed: boolean;
  /** Who put a rejected change aside, and when. */
  discarded?: { by: string; at: number };
  /** Accepted by redrive although a newer change touched the same group (docs/architecture.md#redrive). */
  acceptStale?: boolean;
};

/** `superseded`: not wanted any more because `by`, another approval, took its place; it ends as that. */
export type CancelRequest = { generation: number; by: string; reason: string; at: number; superseded?: true };

/** Remembers that this member of a change set was rejected once; whether it still is, its own record says. */
export type RejectedMember = { set: string; ref: ChangeRef; expiresAt: number };

/** A status link: the token's hash leads to the change. */
export type StatusLink = { hash: string; ref: ChangeRef; expiresAt: number };
