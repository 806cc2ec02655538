import { NEW_GROUP } from '../../../shared/domain/decide/group-content.ts';
import { generationKey, refKey } from '../../../shared/domain/lane/change-ref.ts';
import { settle } from '../../../shared/domain/ledger/settlement.ts';
import type { FieldDifference, UnstampedOutcome } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Ending } from '../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { finishOutboxes } from '../../../shared/ledger/outbox.ts';
import { updateChange } from '../../../shared/ledger/update-change.ts';
import type { LaneSession } from '../lane/lane-session.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import { isClash, troubleOf } from './count-tries.ts';
import { explainRejection } from './set-dependencies.ts';

/** A change and its outcome; several are always in lane order. */
export type SettledChange = { record: ChangeRecord; outcome: UnstampedOutcome };

/** The facts that only a successful write supplies for the outcomes of its changes. */
export type WriteResult = { writeId: string; groupId: string; overtaken: FieldDifference[] };

/**
 * Turns the ending that was decided into an outcome. `written` undefined: the step needed no write, so no member is
 * `applied`.
 */
export function outcomeAfterWrite(ending: Ending, written: WriteResult | undefined): UnstampedOutcome {
  if (ending.kind === 'rejected') return ending;
  const groupId = written?.groupId ?? ending.effect.groupId;
  const resolved = {
    effect: { ...ending.effect, groupId: ending.effect.groupId === NEW_GROUP ? groupId : ending.effect.groupId },
    approved: {
      ...ending.approved,
      groupId: ending.approved.groupId === NEW_GROUP ? groupId : ending.approved.groupId,
    },
    reach: ending.reach,
  };
  if (ending.kind === 'unchanged' || written === undefined) return { kind: 'unchanged', ...resolved };
  return { kind: 'applied', ...resolved, writeId: written.writeId, overtaken: written.overtaken };
}

/**
 * Settles the changes strictly in the given order, sends what each of them owes, and stages the lane fields that follow
 * from it.
 */
export async function settleInOrder(
  ports: ApplyPorts,
  session: LaneSession,
  changes: readonly SettledChange[],
): Promise<void> {
  const done: ChangeRecord[] = [];
  for (const { record, outcome: decided } of changes) {
    const outcome = await explainRejection(ports, record, decided);
    const result = await updateChange(ports.ledger, record, (r) =>
      settle(r, record.generation, outcome, ports.clock.now()),
    );
    if (result.changed) report(ports, result.record);
    done.push(result.record);
    session.backlog.remove(record);
  }
  session.stage(afterSettling(ports, session.lane(), changes));
  // Only the settlement of a change ends the count of its tries: the success of another change, or of its own write, does not.
  if (changes.some(({ record }) => troubleOf(session.lane(), record) !== undefined))
    session.stage({ trouble: undefined });
  for (const record of await finishOutboxes(ports, done)) {
    if (record.state === 'settled' && record.pending.length === 0) session.finished.add(generationKey(record));
  }
}

function afterSettling(ports: ApplyPorts, lane: LaneRecord, changes: readonly SettledChange[]): Partial<LaneRecord> {
  const sequences = changes.map(({ record }) => record.sequence);
  const through = Math.max(lane.through, ...sequences);
  const unclassifiedInARow = changes.reduce(
    (row, { outcome }) => countUnclassified(row, outcome),
    lane.unclassifiedInARow,
  );
  const skipped = lane.skipped.filter((sequence) => !sequences.includes(sequence));
  if (unclassifiedInARow < ports.timing.unknownRejectionsBeforePause || lane.paused !== undefined) {
    return { through, skipped, unclassifiedInARow };
  }
  ports.log.error('lane paused', { lane: lane.lane, unclassifiedInARow });
  ports.meter.count('LaneStopped', 1, { lane: lane.lane });
  const reason = `${unclassifiedInARow} changes in a row were rejected because every try met an error of ZPA`;
  return { through, skipped, unclassifiedInARow: 0, paused: { by: 'worker', reason, since: ports.clock.now() } };
}

/**
 * Counts the changes in a row of which all tries were used up: not each of them can be at fault. Any outcome other than a
 * rejection resets the count; a definite rejection leaves it as it is.
 */
function countUnclassified(row: number, outcome: UnstampedOutcome): number {
  if (outcome.kind !== 'rejected') return 0;
  const { code, zpaError } = outcome;
  const isGivenUp = code === 'unclassified' || (code === 'zpa-refused' && zpaError !== undefined && isClash(zpaError));
  return isGivenUp ? row + 1 : row;
}

/** Settles one change that ends without a write of its own. */
export async function settleAlone(
  ports: ApplyPorts,
  session: LaneSession,
  record: ChangeRecord,
  outcome: UnstampedOutcome,
): Promise<void> {
  await settleInOrder(ports, session, [{ record, outcome }]);
  session.stage({ working: undefined, intent: undefined });
}

function report({ log, meter }: ApplyPorts, record: ChangeRecord): void {
  const { outcome } = record;
  if (outcome === undefined) return;
  const code = outcome.kind === 'rejected' ? outcome.code : undefined;
  const { correlationId, generation, sequence } = record;
  log.info('change settled', {
    change: refKey(record.ref),
    correlationId,
    generation,
    sequence,
    kind: outcome.kind,
    code,
  });
  meter.count('ChangeSettled', 1, { kind: outcome.kind });
}
