import type { SettledChange } from '../../../shared/domain/intent/outcome-after-write.ts';
import { generationKey, refKey } from '../../../shared/domain/lane/change-ref.ts';
import { settledPlaces } from '../../../shared/domain/ledger/settlement.ts';
import type { UnstampedOutcome } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { EndedMember } from '../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { settleEach } from '../../../shared/ledger/settle-in-order.ts';
import { finishOwed } from '../lane/finish-owed.ts';
import type { LaneHold } from '../lane/lane-hold.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import { reportUnreadable } from '../lane/report-unreadable.ts';
import { isClash, troubleOf } from './count-tries.ts';

/**
 * Settles the changes strictly in the given order, sends what each of them owes, and stages the lane fields that follow
 * from it. `unread`: changes that ended with them, and are settled once their records can be read.
 */
export async function settleInOrder(
  { ports, session }: LaneHold,
  changes: readonly SettledChange[],
  unread: readonly EndedMember[] = [],
): Promise<void> {
  const done = await settleEach(ports, changes, (record, changed) => {
    if (changed) report(ports, record);
    session.backlog.remove(record);
  });
  session.stage(afterSettling(ports, session.lane(), changes));
  for (const { ref, sequence } of unread) {
    const why = 'its intent has ended, and it is settled once it is restored';
    reportUnreadable(ports, ref.lane, { key: refKey(ref), place: sequence, why });
  }
  if (unread.length > 0) session.stage({ endedUnread: [...(session.lane().endedUnread ?? []), ...unread] });
  // Only the settlement of a change ends the count of its tries: the success of another change, or of its own write, does not.
  if (changes.some(({ record }) => troubleOf(session.lane(), record) !== undefined))
    session.stage({ trouble: undefined });
  if (changes.some(({ record }) => session.lane().limited?.of === generationKey(record)))
    session.stage({ limited: undefined });
  const finished = await finishOwed(ports, done);
  // The later members of a set learn from the backlog of a rejected member that could not be stored.
  if (finished.length < done.length) session.backlog.invalidate();
  for (const record of finished) {
    if (record.state === 'settled' && record.pending.length === 0) session.finished.add(generationKey(record));
  }
}

function afterSettling(ports: ApplyPorts, lane: LaneRecord, changes: readonly SettledChange[]): Partial<LaneRecord> {
  const sequences = changes.map(({ record }) => record.sequence);
  const places = settledPlaces(lane, sequences);
  const unclassifiedInARow = changes.reduce(
    (row, { outcome }) => countUnclassified(row, outcome),
    lane.unclassifiedInARow,
  );
  if (unclassifiedInARow < ports.timing.unknownRejectionsBeforePause || lane.paused !== undefined) {
    return { ...places, unclassifiedInARow };
  }
  const reason = `${unclassifiedInARow} changes in a row were rejected because every try met an error of ZPA`;
  ports.log.error('lane paused', { lane: lane.lane, unclassifiedInARow, sentence: reason });
  ports.meter.count('LaneStopped', 1, { lane: lane.lane });
  return { ...places, unclassifiedInARow: 0, paused: { by: 'worker', reason, since: ports.clock.now() } };
}

/**
 * Counts the changes in a row of which all tries were used up: not each of them can be at fault. Any outcome other than a
 * rejection resets the count; a definite rejection leaves it as it is.
 */
function countUnclassified(row: number, outcome: UnstampedOutcome): number {
  if (outcome.kind !== 'rejected') return 0;
  const { code, zpaError } = outcome;
  const isTransient = zpaError !== undefined && (isClash(zpaError) || zpaError.code === 'rate-limited');
  return code === 'unclassified' || (code === 'zpa-refused' && isTransient) ? row + 1 : row;
}

/** Settles one change that ends without a write of its own. */
export async function settleAlone(hold: LaneHold, record: ChangeRecord, outcome: UnstampedOutcome): Promise<void> {
  await settleInOrder(hold, [{ record, outcome }]);
  hold.session.stage({ working: undefined, intent: undefined });
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
