import * as z from 'zod';
import { changeSchema } from '../../shared/domain/change/change.ts';
import { fingerprint } from '../../shared/domain/change/fingerprint.ts';
import type { ChangeRef } from '../../shared/domain/lane/change-ref.ts';
import type { ChangeMessage, FailureRecord } from '../../shared/domain/ledger/message.ts';
import { isWaiting } from '../../shared/domain/ledger/schedule.ts';
import { reject } from '../../shared/domain/outcome/reject.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { parseJson } from '../../shared/domain/text/parse-json.ts';
import type { QueueRecord } from '../../shared/ports/ports.ts';
import type { ApplyPorts } from './lane/ports.ts';

/** A queue record with the parts of its body that are valid; with neither part its body is malformed. */
export type ParsedRecord = QueueRecord & {
  message?: ChangeMessage;
  /** A failure record that the AWS console moved back from the dead-letter queue: its change is to be redriven. */
  movedBack?: { ref: ChangeRef; generation: number };
};

const name = z.string().min(1).max(300);
const ref = z.strictObject({ lane: name, source: name, tenant: name, idempotencyKey: name });
const failureSchema = z.looseObject({
  schemaVersion: z.literal(1),
  ref,
  generation: z.int().min(1),
  rejection: z.looseObject({ kind: z.literal('rejected') }),
});
const messageSchema = z.looseObject({
  schemaVersion: z.literal(1),
  ref,
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  generation: z.int().min(1),
  reason: z.enum(['accept', 'redrive', 'scheduled', 'resume', 'sweep']),
  correlationId: z.string().max(200),
  change: changeSchema,
  apartAt: z.number().optional(),
});

/** Parses the body of a queue record, before the ledger is read. */
export function parseRecord(record: QueueRecord): ParsedRecord {
  const body = parseJson(record.body);
  const failure = failureSchema.safeParse(body);
  if (failure.success) return { ...record, movedBack: { ref: failure.data.ref, generation: failure.data.generation } };
  const message = messageSchema.safeParse(body).data;
  return message === undefined ? record : { ...record, message };
}

/**
 * Decides whether a record is work, before anything is done for it. Only a change that the ledger accepted with the same fingerprint
 * is work; any other record goes to the dead-letter queue with a reason and is never executed (promise 9). `stored`: the
 * change that the message names, as the ledger holds it. Returns the change, or the failure to send.
 */
export function classifyRecord(
  ports: ApplyPorts,
  record: ParsedRecord,
  stored: ChangeRecord | undefined,
): { change: ChangeRecord } | { failure: FailureRecord } {
  const { message } = record;
  if (message === undefined) return { failure: malformed(ports, record) };
  if (stored === undefined) {
    const why = 'the ledger holds no change of this key, source and tenant';
    return { failure: unknownOrigin(ports, record, message, why) };
  }
  const why = mismatch(message, stored);
  return why === undefined ? { change: stored } : { failure: unknownOrigin(ports, record, message, why) };
}

/**
 * The lane has to be worked for the change of this message. It has not if the change is settled, if a newer generation has
 * its own message, or if the change waits in the ledger: its release sends a message of its own.
 */
export const isOpen = (change: ChangeRecord, { message }: ParsedRecord): boolean =>
  change.state !== 'settled' && !isWaiting(change) && message?.generation === change.generation;

/** The reason why a message differs from the change that the ledger accepted; undefined if it does not. */
function mismatch(message: ChangeMessage, stored: ChangeRecord): string | undefined {
  if (message.fingerprint !== stored.fingerprint) return 'its fingerprint is not the one that was accepted';
  if (fingerprint(message.change) !== stored.fingerprint) return 'its change is not the one that was accepted';
  if (message.generation > stored.generation) return 'no such attempt was ever started';
  return undefined;
}

const malformed = (ports: ApplyPorts, record: QueueRecord): FailureRecord => ({
  ...failureOf(ports, record),
  rejection: reject('malformed-message', `message ${record.messageId} is not a change message`),
  original: record.body.slice(0, 4096),
});

const unknownOrigin = (ports: ApplyPorts, record: QueueRecord, message: ChangeMessage, why: string): FailureRecord => ({
  ...failureOf(ports, record),
  ref: message.ref,
  generation: message.generation,
  rejection: reject('unknown-origin', `message ${record.messageId} was not applied: ${why}`),
  change: message.change,
  correlationId: message.correlationId,
});

/** The failure of a message that names no accepted change. */
const failureOf = ({ clock }: ApplyPorts, { receiveCount }: QueueRecord) => ({
  schemaVersion: 1 as const,
  ref: null,
  generation: 1,
  ticket: null,
  change: null,
  attempts: receiveCount,
  acceptedAt: null,
  failedAt: clock.now(),
  correlationId: null,
});
