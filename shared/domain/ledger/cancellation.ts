import { z } from 'zod';
import { configuredName } from '../change/change.ts';
import { refKey } from '../lane/change-ref.ts';
import type { UnstampedOutcome } from '../outcome/outcome.ts';
import type { CancelRequest, ChangeRecord } from '../records/change-record.ts';
import type { LaneRecord } from '../records/lane-record.ts';

import { settle } from './settlement.ts';

/**
 * Taking a change back before it is written to ZPA. Three writes to two items that cannot be written together, so the
 * order is everything (docs/adr/0006-cancelling.md):
 *
 *   canceller:  write the request into the change ──► read the lane ──► no open intent names it ──► settle `cancelled`
 *   worker:     write the intent into the lane    ──► read its changes ──► none is requested back ──► write to ZPA
 *
 * Each writes before it reads, so at least one of them sees the other.
 */

const oneLine = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'must be one line without control characters' });

/** What a source asks back: a change of its own. */
export const cancellationSchema = z.strictObject({
  idempotencyKey: z.string().min(1).max(200),
  tenant: configuredName,
  reason: oneLine(500),
});
export type Cancellation = z.output<typeof cancellationSchema>;

/** The request of the record's own generation; one of an earlier generation is history. */
export function cancelRequestOf(record: ChangeRecord): CancelRequest | undefined {
  const { cancelRequest } = record;
  return cancelRequest?.generation === record.generation ? cancelRequest : undefined;
}

/** Notes the request; undefined if there is nothing to note: settled, or requested already. */
export function requestCancel(record: ChangeRecord, by: string, reason: string, at: number): ChangeRecord | undefined {
  if (record.state === 'settled' || cancelRequestOf(record) !== undefined) return undefined;
  return { ...record, cancelRequest: { generation: record.generation, by, reason, at } };
}

/** As `requestCancel`, for a change whose place another approval takes. */
export function requestSupersede(
  record: ChangeRecord,
  by: string,
  reason: string,
  at: number,
): ChangeRecord | undefined {
  const asked = requestCancel(record, by, reason, at);
  return asked?.cancelRequest && { ...asked, cancelRequest: { ...asked.cancelRequest, superseded: true } };
}

/** An open intent names it: ZPA may be carrying it out at this moment, or has. */
export function isUnderWay({ intent, answered }: LaneRecord, { ref, generation }: ChangeRecord): boolean {
  const members = [...(answered ?? []), ...(intent === undefined ? [] : [intent])].flatMap((one) => one.members);
  return members.some((one) => one.generation === generation && refKey(one.ref) === refKey(ref));
}

/** How a change ends that was requested back. */
export function cancelOutcome(record: ChangeRecord): UnstampedOutcome | undefined {
  const request = cancelRequestOf(record);
  const kind = request?.superseded === true ? 'superseded' : 'cancelled';
  return request && { kind, by: request.by, reason: request.reason };
}

/** Settles a change that was requested back or out. Only for who knows that no open intent names it. */
export function settleCancelled(record: ChangeRecord, now: number): ChangeRecord | undefined {
  const ended = cancelOutcome(record);
  const next = ended && settle(record, record.generation, ended, now);
  // Nobody took it up for this.
  return next?.outcome && { ...next, outcome: { ...next.outcome, attempts: record.attempts } };
}
