import { updateChange } from './change-record.ts';
import { setKey } from './domain/change-set.ts';
import { foldDesired } from './domain/desired.ts';
import type { FailureRecord, OutcomeNotice } from './domain/message.ts';
import type { Owed } from './domain/outcome.ts';
import type { ChangeRecord } from './domain/records.ts';
import { cleared } from './domain/settle.ts';
import { TIMING } from './domain/timing.ts';
import type { FailureQueue, Ledger, OutcomeTopic } from './ports.ts';

/**
 * The sends a settled change owes: what tickets approved into the desired state, the rejected member of a change set to
 * be found by the later ones, the failure into `failures.fifo`, the
 * outcome to the topic, and only then the mark that nothing is owed. A crash anywhere repeats them, so each is at least
 * once; readers are idempotent by ref + generation, the desired state by sequence.
 */
export type OutboxPorts = { ledger: Ledger; failures: FailureQueue; outcomes: OutcomeTopic };

/** As long as the change itself: nobody asks for a member that the ledger forgot. */
const MEMBER_KEPT_MS = TIMING.settledKeptMs;

/** Answers the record as it stands with nothing owed. Rejects as the ports do; then everything is still owed. */
export async function finishOutbox(ports: OutboxPorts, record: ChangeRecord): Promise<ChangeRecord> {
  if (record.pending.length === 0) return record;
  for (const owed of record.pending) await SEND[owed](ports, record);
  return (await updateChange(ports.ledger, record, (r) => cleared(r, record.generation))).record;
}

const SEND: Record<Owed, (ports: OutboxPorts, record: ChangeRecord) => Promise<void>> = {
  desired: writeDesired,
  set: rememberMember,
  dlq: (ports, record) => ports.failures.send(failureOf(record)),
  sns: (ports, record) => ports.outcomes.publish(noticeOf(record)),
};

async function writeDesired({ ledger }: OutboxPorts, record: ChangeRecord): Promise<void> {
  const outcome = record.outcome;
  if (outcome?.kind !== 'applied' && outcome?.kind !== 'unchanged') return;
  for (const { groupId } of [outcome.approved, ...(outcome.approved.others ?? [])]) {
    const known = await ledger.readDesired(record.ref.lane, groupId);
    let desired = foldDesired(known, record, groupId);
    while (desired !== undefined) {
      const result = await ledger.writeDesired(desired, desired.version);
      if (result.written) break;
      desired = foldDesired(result.found, record, groupId);
    }
  }
}

async function rememberMember({ ledger }: OutboxPorts, record: ChangeRecord): Promise<void> {
  const set = setKey(record);
  if (set === undefined || record.outcome === undefined) return;
  await ledger.putRejectedMember({ set, ref: record.ref, expiresAt: record.outcome.at + MEMBER_KEPT_MS });
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
