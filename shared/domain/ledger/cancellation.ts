import * as z from 'zod';
import { configuredName } from '../change/change.ts';
import { refKey } from '../lane/change-ref.ts';
import type { UnstampedOutcome } from '../outcome/outcome.ts';
import type { CancelRequest, ChangeRecord } from '../records/change-record.ts';
import type { LaneRecord } from '../records/lane-record.ts';
import { settle } from './settlement.ts';

/**
 * Cancelling a change before it is written to ZPA. It takes three writes to two items that cannot be written together,
 * so their order decides (docs/adr/0006-cancelling.md, docs/architecture.md#cancelling):
 *
 *   canceller:  write the request into the change ──► read the lane ──► no open intent names it ──► settle `cancelled`
 *   worker:     write the intent into the lane    ──► read its changes ──► none has a request   ──► write to ZPA
 *
 * Each writes before it reads, so at least one of them reads what the other wrote.
 */

const oneLine = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'must be one line without control characters' });

/** A source's request to cancel one of its own changes. */
export const cancellationSchema = z.strictObject({
  idempotencyKey: z.string().min(1).max(200),
  tenant: configuredName,
  reason: oneLine(500),
  /** The only generation that is cancelled; absent: whichever is open. */
  generation: z.int().min(1).optional(),
});
export type Cancellation = z.output<typeof cancellationSchema>;

/** The request for the record's own generation; a request for an earlier generation has no effect. */
export function cancelRequestOf(record: ChangeRecord): CancelRequest | undefined {
  const { cancelRequest } = record;
  return cancelRequest?.generation === record.generation ? cancelRequest : undefined;
}

/**
 * The record with the request; undefined if the change is settled or has such a request already. With `endsRejection` a
 * rejection that owes its sends takes one too, and so does a change with a request that ends none.
 */
export function requestCancel(
  record: ChangeRecord,
  by: string,
  reason: string,
  at: number,
  flags: Pick<CancelRequest, 'superseded' | 'endsRejection'> = {},
): ChangeRecord | undefined {
  const { state, failed, pending, generation } = record;
  const endsRejection = flags.endsRejection === true;
  if (state === 'settled' && !(endsRejection && failed && pending.length > 0)) return undefined;
  const known = cancelRequestOf(record);
  if (known === undefined) return { ...record, cancelRequest: { generation, by, reason, at, ...flags } };
  if (known.endsRejection === true || !endsRejection) return undefined;
  return { ...record, cancelRequest: { ...known, endsRejection } };
}

/** As `requestCancel`, for a change that another approval replaces. */
export function requestSupersede(
  record: ChangeRecord,
  by: string,
  reason: string,
  at: number,
): ChangeRecord | undefined {
  return requestCancel(record, by, reason, at, { superseded: true, endsRejection: true });
}

/** True if an intent names the change that is open, or has ended: ZPA may be applying it at this moment, or has applied it. */
export function isUnderWay(
  { intent, answered = [], endedUnread = [] }: LaneRecord,
  { ref, generation }: ChangeRecord,
): boolean {
  const members = [...answered, ...(intent === undefined ? [] : [intent])].flatMap((one) => one.members);
  return [...members, ...endedUnread].some((one) => one.generation === generation && refKey(one.ref) === refKey(ref));
}

/** The ending of a change with a request; undefined without one. */
export function cancelOutcome(record: ChangeRecord): UnstampedOutcome | undefined {
  const request = cancelRequestOf(record);
  const kind = request?.superseded === true ? 'superseded' : 'cancelled';
  return request && { kind, by: request.by, reason: request.reason };
}

/** Settles a change with a request. The caller must have checked that no open intent names it. */
export function settleCancelled(record: ChangeRecord, now: number): ChangeRecord | undefined {
  const ended = cancelOutcome(record);
  const next = ended && settle(record, record.generation, ended, now);
  // `settle` counts an attempt of the worker; this was none.
  return next?.outcome && { ...next, outcome: { ...next.outcome, attempts: record.attempts } };
}
