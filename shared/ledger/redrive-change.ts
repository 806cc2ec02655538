import type { Configuration } from '../domain/configuration/configuration.ts';
import type { ChangeRef } from '../domain/lane/change-ref.ts';
import { withDependents } from '../domain/ledger/change-set.ts';
import { discard, type RedriveDecision } from '../domain/ledger/redrive-decision.ts';
import { markSent } from '../domain/ledger/settlement.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { ChangeQueue, Clock, Ledger, UnreadableRecord } from '../ports/ports.ts';
import { optimisticUpdate } from './optimistic-update.ts';
import { finishOutbox, type OutboxPorts } from './outbox.ts';
import { decideNow, NOT_ACCEPTED, type RedriveOptions } from './preview-redrive.ts';
import { sendToLane } from './send-to-lane.ts';
import { updateChange } from './update-change.ts';

export type RedrivePorts = OutboxPorts & {
  queue: ChangeQueue;
  clock: Pick<Clock, 'now'>;
  configuration: Configuration;
};

/**
 * Re-opens a rejected change at exactly this generation. Idempotent: a second call for the same generation answers
 * `already`, and that call or the sweeper repairs a crash between ledger and queue. `reopen` and `supersede` are done when
 * this resolves. Rejects as the ports do.
 */
export async function redriveChange(
  ports: RedrivePorts,
  ref: ChangeRef,
  generation: number,
  options: RedriveOptions = {},
): Promise<RedriveDecision> {
  const last: { decision: RedriveDecision } = { decision: { kind: 'refused', refusal: NOT_ACCEPTED } };
  const { record } = await optimisticUpdate<ChangeRecord, ChangeRecord | undefined>(
    await ports.ledger.readChange(ref),
    {
      async change(stored) {
        last.decision = await decideNow(ports, stored, generation, options);
        if (last.decision.kind === 'refused' || last.decision.kind === 'already') return undefined;
        return { ...last.decision.record, sequence: await ports.ledger.takeSequences(ref.lane, 1) };
      },
      write: (next, expected) => ports.ledger.writeChange(next, expected),
      absent: () => undefined,
      subject: `change ${ref.idempotencyKey}`,
    },
  );
  const { decision } = last;
  if (decision.kind === 'refused' || record === undefined) return decision;
  if (decision.kind === 'supersede') return { ...decision, record: await finishOutbox(ports, record) };
  return { kind: decision.kind, record: await enqueue(ports, record) };
}

/**
 * Finds the chosen failures and those that were not attempted because of them, in the order to redrive them: each takes
 * the next place of its lane, so a change set is carried out by its indexes again. `onUnreadable` hears of failures
 * that cannot be read.
 */
export async function findDependents(
  ledger: Ledger,
  chosen: readonly ChangeRecord[],
  onUnreadable?: (one: UnreadableRecord) => void,
): Promise<ChangeRecord[]> {
  const failures: ChangeRecord[] = [];
  for (const lane of new Set(chosen.map(({ ref }) => ref.lane))) {
    for await (const failure of ledger.failedChanges(lane, onUnreadable)) failures.push(failure);
  }
  return withDependents(chosen, failures);
}

/** Sends the message of a re-opened change that has none yet, then marks it. Idempotent. */
async function enqueue(ports: RedrivePorts, record: ChangeRecord): Promise<ChangeRecord> {
  if (record.state !== 'accepted') return record;
  await sendToLane(ports, record.ref.lane, [record], 'redrive');
  const sentAt = ports.clock.now();
  return (await updateChange(ports.ledger, record, (one) => markSent(one, record.generation, sentAt))).record;
}

/** Discards a failure at exactly its generation. Idempotent; `changed: false`: it is no open failure, or no longer one. */
export async function discardChange(
  ports: { ledger: Ledger; clock: Pick<Clock, 'now'> },
  ref: ChangeRef,
  generation: number,
  decision: { by: string; reason: string },
): Promise<{ record: ChangeRecord | undefined; changed: boolean }> {
  const record = await ports.ledger.readChange(ref);
  if (record === undefined) return { record: undefined, changed: false };
  const discarded = { ...decision, at: ports.clock.now() };
  return await updateChange(ports.ledger, record, (one) => discard(one, generation, discarded));
}
