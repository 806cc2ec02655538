import { updateChange } from './change-record.ts';
import { foldDesired } from './domain/desired.ts';
import type { FailureRecord, OutcomeNotice } from './domain/message.ts';
import type { Owed } from './domain/outcome.ts';
import type { ChangeRecord } from './domain/records.ts';
import { cleared } from './domain/settle.ts';
import type { FailureQueue, Ledger, OutcomeTopic } from './ports.ts';

/**
 * The sends a settled change owes: what tickets approved into the desired state, the failure into `failures.fifo`, the
 * outcome to the topic, and only then the mark that nothing is owed. A crash anywhere repeats them, so each is at least
 * once; readers are idempotent by ref + generation, the desired state by sequence.
 */
export type OutboxPorts = { ledger: Ledger; failures: FailureQueue; outcomes: OutcomeTopic };

/** Answers the record as it stands with nothing owed. Rejects as the ports do; then everything is still owed. */
export async function finishOutbox(ports: OutboxPorts, record: ChangeRecord): Promise<ChangeRecord> {
  if (record.pending.length === 0) return record;
  for (const owed of record.pending) await SEND[owed](ports, record);
  return (await updateChange(ports.ledger, record, (r) => cleared(r, record.generation))).record;
}

const SEND: Record<Owed, (ports: OutboxPorts, record: ChangeRecord) => Promise<void>> = {
  desired: writeDesired,
  dlq: (ports, record) => ports.failures.send(failureOf(record)),
  sns: (ports, record) => ports.outcomes.publish(noticeOf(record)),
};

async function writeDesired({ ledger }: OutboxPorts, record: ChangeRecord): Promise<void> {
  const outcome = record.outcome;
  if (outcome?.kind !== 'applied' && outcome?.kind !== 'unchanged') return;
  const known = await ledger.readDesired(record.ref.lane, outcome.approved.groupId);
  let desired = foldDesired(known, record);
  while (desired !== undefined) {
    const result = await ledger.writeDesired(desired, desired.version);
    if (result.written) return;
    desired = foldDesired(result.found, record);
  }
}

function failureOf(record: ChangeRecord): FailureRecord {
  if (record.outcome?.kind !== 'rejected') throw new Error(`${record.ref.idempotencyKey} was not rejected`);
  const { at: _at, attempts, generation, ...rejection } = record.outcome;
  return {
    schemaVersion: 1,
    ref: record.ref,
    generation,
    rejection,
    ticket: record.ticket,
    change: record.change,
    attempts,
    acceptedAt: record.acceptedAt,
    failedAt: record.outcome.at,
    correlationId: record.correlationId,
  };
}

function noticeOf(record: ChangeRecord): OutcomeNotice {
  if (record.outcome === undefined) throw new Error(`${record.ref.idempotencyKey} has no outcome`);
  return {
    schemaVersion: 1,
    ref: record.ref,
    generation: record.generation,
    action: record.change.action,
    ticket: record.ticket,
    outcome: record.outcome,
    correlationId: record.correlationId,
  };
}
