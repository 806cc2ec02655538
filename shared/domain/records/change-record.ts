import type { ChangeRequest } from '../change/change.ts';
import type { ChangeRef } from '../lane/change-ref.ts';
import type { Outcome, Owed } from '../outcome/outcome.ts';
import type { PlanBinding } from '../plan/plan-binding.ts';
import type { Versioned } from './versioned.ts';

/** The state of a change. `accepted`: in the ledger, perhaps without a message yet. `settled`: it has its outcome. */
export type ChangeState = 'accepted' | 'queued' | 'scheduled' | 'settled';

export type ChangeRecord = Versioned & {
  ref: ChangeRef;
  /**
   * The microtenant that it was accepted for: an approval for one microtenant is none for another. Absent from records of
   * earlier versions.
   */
  microtenantId?: string;
  /** The version of the settings that this generation was accepted or redriven by. Absent from records of earlier versions. */
  settingsVersion?: number;
  /** The parsed change, defaults filled in, without its ticket. */
  change: ChangeRequest;
  fingerprint: string;
  ticket: NonNullable<ChangeRequest['ticket']>;
  correlationId: string;
  /** Its position in the lane; a redriven change gets a new one. */
  sequence: number;
  state: ChangeState;
  /** 1 at acceptance, one more per redrive. */
  generation: number;
  /** When this generation was accepted. */
  acceptedAt: number;
  /** When the first generation was accepted, once there are several. Absent from records of earlier versions. */
  firstAcceptedAt?: number;
  /** While `scheduled`: when it is to be released, if that is known. */
  scheduledFor?: number;
  /** When it was last released from `scheduled`. */
  releasedAt?: number;
  /**
   * The plan its approver saw, if the ticket was planned before its approval; the worker rejects a change
   * that departs from it.
   */
  plan?: PlanBinding;
  /** A request to cancel it (docs/adr/0006). */
  cancelRequest?: CancelRequest;
  /** When a message for it was last sent; 0 before the first. */
  sentAt: number;
  /** Failed attempts in this generation; the last attempt is counted by the outcome. */
  attempts: number;
  /** Set when `state` is `settled`. */
  outcome?: Outcome;
  /** Entries of the outbox that are still to be carried out. */
  pending: Owed[];
  /** Outcomes of earlier generations, oldest first; at most 20. */
  history: Outcome[];
  /** Rejected and neither redriven nor discarded: listed by `failures list`. */
  failed: boolean;
  /** The operator who discarded a rejected change, when, and why; earlier versions kept no reason. */
  discarded?: { by: string; at: number; reason?: string };
  /** Accepted by redrive although a newer change touched the same group (docs/architecture.md#redrive). */
  acceptStale?: boolean;
};

/**
 * A request to cancel. `superseded`: `by`, another approval, replaces the change, which therefore ends as `superseded`.
 * `endsRejection`: its approval is over, so that nobody may redrive it; if it is rejected, it ends once its sends are done.
 */
export type CancelRequest = {
  generation: number;
  by: string;
  reason: string;
  at: number;
  superseded?: true;
  endsRejection?: true;
};

/** Records that this member of a change set was rejected once; only its own change record shows whether it still is. */
export type RejectedMember = { set: string; ref: ChangeRef; expiresAt: number };

/** The key of a change, taken for it at `claimedAt` (epoch ms): no other change is accepted under `key`, a hash. */
export type KeyClaim = { key: string; ref: ChangeRef; claimedAt: number; expiresAt: number };

/** The change that a key is taken for, and since when. */
export type ClaimHolder = Pick<KeyClaim, 'ref' | 'claimedAt'>;

/** A status link: the token's hash leads to the change. */
export type StatusLink = { hash: string; ref: ChangeRef; expiresAt: number };
