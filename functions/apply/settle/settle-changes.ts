import { NEW_GROUP } from '../../../shared/domain/decide/group-content.ts';
import { generationKey, refKey } from '../../../shared/domain/lane/change-ref.ts';
import { type Ended, settle } from '../../../shared/domain/ledger/settlement.ts';
import type { FieldDifference } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Ending } from '../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { finishOutboxes } from '../../../shared/ledger/outbox.ts';
import { updateChange } from '../../../shared/ledger/update-change.ts';
import type { LaneSession } from '../lane/lane-session.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import { explainRejection } from './set-dependencies.ts';

/** A change and how it ends; in lane order wherever several are given. */
export type SettledChange = { record: ChangeRecord; ended: Ended };

/** What the write of a step added to its changes' endings. */
export type WriteResult = { writeId: string; groupId: string; overtaken: FieldDifference[] };

/** `written` undefined: the step needed no write, so no member is `applied`. */
export function endOf(ending: Ending, written: WriteResult | undefined): Ended {
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

/** Settles strictly in the order given, then does the sends each one owes; notes in the lane what that means. */
export async function settleInOrder(
  ports: ApplyPorts,
  session: LaneSession,
  endings: readonly SettledChange[],
): Promise<void> {
  const done: ChangeRecord[] = [];
  for (const { record, ended: asDecided } of endings) {
    const ended = await explainRejection(ports, record, asDecided);
    const result = await updateChange(ports.ledger, record, (r) =>
      settle(r, record.generation, ended, ports.clock.now()),
    );
    if (result.changed) report(ports, result.record);
    done.push(result.record);
    session.backlog.settled(record);
  }
  session.note(afterSettling(ports, session.lane(), endings));
  for (const record of await finishOutboxes(ports, done)) {
    if (record.state === 'settled' && record.pending.length === 0) session.finished.add(generationKey(record));
  }
}

function afterSettling(ports: ApplyPorts, lane: LaneRecord, endings: readonly SettledChange[]): Partial<LaneRecord> {
  const sequences = endings.map(({ record }) => record.sequence);
  const through = Math.max(lane.through, ...sequences);
  const unclassifiedInARow = endings.reduce((row, { ended }) => rowAfter(row, ended), lane.unclassifiedInARow);
  const skipped = lane.skipped.filter((sequence) => !sequences.includes(sequence));
  if (unclassifiedInARow < ports.timing.unknownRejectionsBeforePause || lane.paused !== undefined) {
    return { through, skipped, unclassifiedInARow };
  }
  ports.log.error('lane paused', { lane: lane.lane, unclassifiedInARow });
  ports.meter.count('LaneStopped', 1, { lane: lane.lane });
  const reason = `${unclassifiedInARow} changes in a row were rejected as unclassified`;
  return { through, skipped, unclassifiedInARow: 0, paused: { by: 'worker', reason, since: ports.clock.now() } };
}

/** Any ending that ZPA understood breaks the row. */
function rowAfter(row: number, ended: Ended): number {
  if (ended.kind === 'rejected') return ended.code === 'unclassified' ? row + 1 : row;
  return 0;
}

/** The one change that met its end alone, without a write of its own. */
export async function settleAlone(
  ports: ApplyPorts,
  session: LaneSession,
  record: ChangeRecord,
  ended: Ended,
): Promise<void> {
  await settleInOrder(ports, session, [{ record, ended }]);
  session.note({ working: undefined, trouble: undefined, intent: undefined });
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
