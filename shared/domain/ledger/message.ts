import type { ChangeRequest } from '../change/change.ts';
import type { ChangeRef, SendReason } from '../lane/change-ref.ts';
import type { Outcome, Rejection } from '../outcome/outcome.ts';
import type { ChangeRecord } from '../records/change-record.ts';

/** The body on `changes.fifo`. It only wakes the worker of the lane; the worker executes what the ledger holds. */
export type ChangeMessage = {
  schemaVersion: 1;
  ref: ChangeRef;
  fingerprint: string;
  generation: number;
  reason: SendReason;
  correlationId: string;
  change: ChangeRequest;
  /** When it was sent in a group of its own, because messages of the lane's group were hidden (epoch ms). */
  apartAt?: number | undefined;
};

/** The body on `failures.fifo`. Readers deduplicate by `ref` and `generation`. */
export type FailureRecord = {
  schemaVersion: 1;
  /** null if the message had none that could be parsed. */
  ref: ChangeRef | null;
  generation: number;
  rejection: Rejection;
  ticket: ChangeRequest['ticket'] | null;
  change: ChangeRequest | null;
  /** The text of a message that cannot be parsed, cut to 4 KiB. */
  original?: string;
  attempts: number;
  acceptedAt: number | null;
  failedAt: number;
  correlationId: string | null;
};

/** The message on the `outcomes` topic. */
export type OutcomeNotice = {
  schemaVersion: 1;
  ref: ChangeRef;
  generation: number;
  action: ChangeRequest['action'];
  ticket: ChangeRequest['ticket'] | null;
  outcome: Outcome;
  correlationId: string;
};

/** The message that wakes the worker of the lane for a change. */
export function messageFor(record: ChangeRecord, reason: SendReason, apartAt?: number): ChangeMessage {
  const { ref, fingerprint, generation, correlationId, change } = record;
  const message = { schemaVersion: 1, ref, fingerprint, generation, reason, correlationId, change } as const;
  return apartAt === undefined ? message : { ...message, apartAt };
}
