import { dismissedBy } from '../../../shared/domain/ledger/redrive-decision.ts';
import { scheduledAt } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { UnreadableRecord } from '../../../shared/ports/ports.ts';
import { formatTime, stateCell } from './describe-change.ts';
import { describeRecord } from './describe-request.ts';
import type { Cell, Terminal } from './terminal.ts';
import { unreadableCell } from './unreadable.ts';

/** Prints changes as a table, and those that cannot be read by their keys. */
export function showChanges(
  terminal: Terminal,
  records: readonly ChangeRecord[],
  unreadable: readonly UnreadableRecord[],
): void {
  const unread = unreadable.map(({ key }): Cell[] => [key, '', '', unreadableCell(terminal), '', '']);
  terminal.table(
    ['key', 'ticket', 'change', 'state', 'when', 'why'],
    [...records.map((record) => row(record, terminal)), ...unread],
  );
}

const row = (record: ChangeRecord, terminal: Terminal): Cell[] => [
  record.ref.idempotencyKey,
  record.ticket.id,
  describeRecord(record).slice(0, 60),
  stateCell(record, terminal),
  formatTime(lastAt(record)),
  reasonOf(record),
];

/** The time at which a change was settled, or else accepted (epoch ms). */
export const lastAt = ({ state, outcome, acceptedAt }: ChangeRecord): number =>
  state === 'settled' ? (outcome?.at ?? acceptedAt) : acceptedAt;

/** Why a change ended so, or why it waits; '' where the state says all. `timeOf` writes an instant (epoch ms). */
export function reasonOf(
  { state, outcome, cancelRequest, generation, scheduledFor, discarded }: ChangeRecord,
  timeOf = formatTime,
): string {
  if (state !== 'settled') {
    if (cancelRequest?.generation === generation)
      return `to be cancelled by ${cancelRequest.by}: ${cancelRequest.reason}`;
    if (state !== 'scheduled') return '';
    const release = scheduledFor === undefined ? undefined : scheduledAt(scheduledFor);
    return release === undefined ? 'a freeze that has no end in sight' : `not before ${timeOf(Date.parse(release))}`;
  }
  if (outcome === undefined || outcome.kind === 'unchanged') return '';
  if (outcome.kind === 'applied') return outcome.overtaken.length > 0 ? 'edited by somebody else since' : '';
  if (outcome.kind !== 'rejected') return `by ${outcome.by}: ${outcome.reason}`;
  return discarded === undefined
    ? `${outcome.code}: ${outcome.sentence}`
    : `${outcome.code}, dismissed by ${dismissedBy(discarded)}`;
}
