import { effectiveAction } from '../domain/change/if-exists.ts';
import { setKey } from '../domain/ledger/change-set.ts';
import { foldDesired, groupsApproved } from '../domain/ledger/desired.ts';
import type { FailureRecord, OutcomeNotice } from '../domain/ledger/message.ts';
import { endAskedRejection } from '../domain/ledger/redrive-decision.ts';
import { clearPending } from '../domain/ledger/settlement.ts';
import { TIMING } from '../domain/ledger/timing.ts';
import { groupsSought, soughtInVain } from '../domain/ledger/unfound.ts';
import type { Owed } from '../domain/outcome/outcome.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { DesiredGroup } from '../domain/records/desired-group.ts';
import { isUnreadable } from '../ports/error-code.ts';
import type { FailureQueue, Ledger, OutcomeTopic } from '../ports/ports.ts';
import { optimisticUpdate } from './optimistic-update.ts';
import { updateChange } from './update-change.ts';

/**
 * The sends a settled change owes (docs/architecture.md#settling-and-outbox): the approved state into the desired state, the
 * rejected member of a change set for the later members, the failure into `failures.fifo`, the outcome to the topic, and
 * only then the mark of what is not owed any more. A crash anywhere repeats them, so each happens at least once; readers are
 * idempotent by ref + generation, the desired state by sequence.
 */
export type OutboxPorts = { ledger: Ledger; failures: FailureQueue; outcomes: OutcomeTopic };

/** A rejected member is kept as long as its change, because no later member is accepted after that. */
const MEMBER_KEPT_MS = TIMING.settledKeptMs;

/**
 * Sends everything that one change owes and answers its record. Rejects as the ports do; then what was not sent is
 * still owed.
 */
export async function finishOutbox(ports: OutboxPorts, record: ChangeRecord): Promise<ChangeRecord> {
  const [finished] = await finishOutboxes(ports, [record]);
  return finished ?? record;
}

/** Sends everything that several changes owe. Rejects if one of them still owes something; the others are finished. */
export async function finishOutboxes(ports: OutboxPorts, records: readonly ChangeRecord[]): Promise<ChangeRecord[]> {
  const { finished, owing } = await tryOutboxes(ports, records);
  for (const { error } of owing) throw error;
  return finished;
}

/** A change that goes on owing what failed. */
type StillOwing = { record: ChangeRecord; error: unknown };
/** One send that failed, for one change, or for all changes of one desired group. These owe it, and all that follows it. */
type Unsent = { records: readonly ChangeRecord[]; error: unknown; from: Owed };

/** With more of them no single change or group is at fault: the queue, topic or table is. */
const MOST_UNSENT = 3;

/**
 * Sends everything that several changes owe, kind by kind: the approved states of one group become one write, and
 * outcomes are published together. Marks nothing before all is tried. What cannot be sent keeps no other change from
 * being finished; its change announces nothing more, goes on owing this and what follows, and repeats nothing that was
 * sent. A desired group whose record does not parse keeps its changes owing that alone; they are among the finished
 * ones. Rejects if more than a few cannot be sent, and if changes cannot be written; then all of them go on owing
 * everything.
 */
export async function tryOutboxes(
  ports: OutboxPorts,
  records: readonly ChangeRecord[],
): Promise<{ finished: ChangeRecord[]; owing: StillOwing[] }> {
  const unsent: Unsent[] = [];
  const send = async (record: ChangeRecord, from: Owed, act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      addUnsent(unsent, { records: [record], error, from });
    }
  };
  const isSent = (record: ChangeRecord) => unsent.every((one) => !one.records.includes(record));
  const owing = (owed: Owed) => records.filter((record) => record.pending.includes(owed) && isSent(record));
  const unwritten = await writeDesired(ports, owing('desired'), unsent);
  for (const record of owing('set')) await send(record, 'set', () => putMember(ports, record));
  for (const record of owing('dlq')) await send(record, 'dlq', () => ports.failures.send(failureOf(record)));
  await Promise.all(owing('sns').map((record) => send(record, 'sns', () => ports.outcomes.publish(noticeOf(record)))));
  const finished: ChangeRecord[] = [];
  for (const record of records) {
    const from = unsent.find((one) => one.records.includes(record))?.from;
    const still = new Set<Owed>(from === undefined ? [] : record.pending.slice(record.pending.indexOf(from)));
    if (unwritten.has(record)) still.add('desired');
    const clear = () =>
      updateChange(ports.ledger, record, (r) => {
        const cleared = clearPending(r, record.generation, still);
        return cleared && (endAskedRejection(cleared) ?? cleared);
      });
    const stored = record.pending.length === still.size ? record : (await clear()).record;
    if (from === undefined) finished.push(stored);
  }
  const failed = unsent.flatMap(({ records: members, error }) => members.map((record) => ({ record, error })));
  return { finished, owing: [...failed, ...[...unwritten].map(([record, error]) => ({ record, error }))] };
}

function addUnsent(unsent: Unsent[], one: Unsent): void {
  unsent.push(one);
  if (unsent.length > MOST_UNSENT) throw one.error;
}

/**
 * Answers the changes with a group whose stored desired state does not parse, each with the error. Those with one that
 * cannot be read or written are added to `unsent`.
 */
async function writeDesired(
  { ledger }: OutboxPorts,
  records: readonly ChangeRecord[],
  unsent: Unsent[],
): Promise<Map<ChangeRecord, unknown>> {
  const unwritten = new Map<ChangeRecord, unknown>();
  const [first] = records;
  if (first === undefined) return unwritten;
  const byGroup = new Map<string, ChangeRecord[]>();
  for (const record of records) {
    try {
      for (const key of await groupsOf(ledger, record)) byGroup.set(key, [...(byGroup.get(key) ?? []), record]);
    } catch (error) {
      addUnsent(unsent, { records: [record], error, from: 'desired' });
    }
  }
  const groups = [...byGroup];
  const known = await Promise.allSettled(groups.map(([groupId]) => ledger.readDesired(first.ref.lane, groupId)));
  for (const [index, [groupId, members]] of groups.entries()) {
    const read = known[index];
    try {
      if (read?.status === 'rejected') throw read.reason;
      await foldInto(ledger, groupId, members, read?.value);
    } catch (error) {
      if (isUnreadable(error)) {
        for (const record of members) unwritten.set(record, error);
        continue;
      }
      addUnsent(unsent, { records: members, error, from: 'desired' });
    }
  }
  return unwritten;
}

/** A change that sought something in vain may name its group by the name alone. */
async function groupsOf(ledger: Ledger, record: ChangeRecord): Promise<string[]> {
  if (!soughtInVain(record)) return groupsApproved(record);
  const { group } = record.change;
  if ('id' in group) return [group.id];
  const desired: DesiredGroup[] = [];
  for await (const group of ledger.listDesired(record.ref.lane, () => undefined)) desired.push(group);
  return groupsSought(record, desired);
}

async function foldInto(
  ledger: Ledger,
  groupId: string,
  records: readonly ChangeRecord[],
  read: DesiredGroup | undefined,
): Promise<void> {
  await optimisticUpdate<DesiredGroup, DesiredGroup | undefined>(read, {
    change: (known) =>
      records.reduce<DesiredGroup | undefined>(
        (folded, record) => foldDesired(folded ?? known, record, groupId) ?? folded,
        undefined,
      ),
    write: (desired, expected) => ledger.writeDesired(desired, expected),
    absent: () => undefined,
    subject: `the desired state of group ${groupId}`,
  });
}

async function putMember({ ledger }: OutboxPorts, record: ChangeRecord): Promise<void> {
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
    action: effectiveAction(record.change, 'effect' in record.outcome ? record.outcome.effect : undefined),
    ticket: record.ticket,
    outcome: record.outcome,
    correlationId: record.correlationId,
  };
}
