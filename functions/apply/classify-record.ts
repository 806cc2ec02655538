import { z } from 'zod';
import { changeSchema } from '../../shared/domain/change/change.ts';
import { fingerprint } from '../../shared/domain/change/fingerprint.ts';
import type { ChangeRef } from '../../shared/domain/lane/change-ref.ts';
import type { ChangeMessage, FailureRecord } from '../../shared/domain/ledger/message.ts';
import { isWaiting } from '../../shared/domain/ledger/schedule.ts';
import { reject } from '../../shared/domain/outcome/reject.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { Receipt } from '../../shared/ports/ports.ts';
import type { ApplyPorts } from './lane/ports.ts';

/**
 * What a queue record is, before anything is done for it. Only what the ledger accepted with the same fingerprint is
 * work; the rest is dead-lettered with a reason and never executed (promise 9).
 */
export type ClassifiedRecord =
  /** Its change is open: the lane is to be worked. */
  | { kind: 'open'; record: ChangeRecord }
  /**
   * Settled, or a newer generation is on its way: nothing to do but, perhaps, owed sends. Or it waits in the ledger:
   * whoever releases it sends a message of its own.
   */
  | { kind: 'settled'; record: ChangeRecord }
  /** A failure record the AWS console moved back from the dead-letter queue: its change is to be redriven. */
  | { kind: 'moved-back'; ref: ChangeRef; generation: number }
  | { kind: 'dead-letter'; failure: FailureRecord };

export type QueueRecord = Receipt & { body: string; receiveCount: number };

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
});

/** A queue record, and what can be read of it before the ledger is asked. */
export type ParsedRecord = {
  record: QueueRecord;
  message?: ChangeMessage;
  movedBack?: { ref: ChangeRef; generation: number };
};

export function parseRecord(record: QueueRecord): ParsedRecord {
  const body = parseJson(record.body);
  const failure = failureSchema.safeParse(body);
  if (failure.success) return { record, movedBack: { ref: failure.data.ref, generation: failure.data.generation } };
  const message = messageSchema.safeParse(body).data;
  return message === undefined ? { record } : { record, message };
}

/** `known`: the change that the message names, as the ledger holds it. */
export function classifyRecord(
  ports: ApplyPorts,
  letter: ParsedRecord,
  known: ChangeRecord | undefined,
): ClassifiedRecord {
  const { record, message, movedBack } = letter;
  if (movedBack !== undefined) return { kind: 'moved-back', ...movedBack };
  if (message === undefined) return { kind: 'dead-letter', failure: malformed(ports, record) };
  const says = mismatch(message, known);
  if (known === undefined || says !== undefined) {
    return {
      kind: 'dead-letter',
      failure: unknownOrigin(ports, record, message, says ?? 'the ledger does not hold it'),
    };
  }
  const isOpen = known.state !== 'settled' && !isWaiting(known) && message.generation === known.generation;
  return { kind: isOpen ? 'open' : 'settled', record: known };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why a message is not what the ledger accepted; undefined if it is. */
function mismatch(message: ChangeMessage, known: ChangeRecord | undefined): string | undefined {
  if (known === undefined) return 'the ledger holds no change of this key, source and tenant';
  if (message.fingerprint !== known.fingerprint) return 'its fingerprint is not the one that was accepted';
  if (fingerprint(message.change) !== known.fingerprint) return 'its change is not the one that was accepted';
  if (message.generation > known.generation) return 'its generation was never opened';
  return undefined;
}

function malformed(ports: ApplyPorts, record: QueueRecord): FailureRecord {
  return {
    schemaVersion: 1,
    ref: null,
    generation: 1,
    rejection: reject('malformed-message', `message ${record.messageId} is not a change message`),
    ticket: null,
    change: null,
    original: record.body.slice(0, 4096),
    attempts: record.receiveCount,
    acceptedAt: null,
    failedAt: ports.clock.now(),
    correlationId: null,
  };
}

function unknownOrigin(ports: ApplyPorts, record: QueueRecord, message: ChangeMessage, says: string): FailureRecord {
  return {
    schemaVersion: 1,
    ref: message.ref,
    generation: message.generation,
    rejection: reject('unknown-origin', `message ${record.messageId} was not executed: ${says}`),
    ticket: null,
    change: message.change,
    attempts: record.receiveCount,
    acceptedAt: null,
    failedAt: ports.clock.now(),
    correlationId: message.correlationId,
  };
}
