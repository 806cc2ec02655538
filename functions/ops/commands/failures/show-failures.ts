import { failureId } from '../../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { lastAt } from '../../output/change-table.ts';
import { formatTime } from '../../output/describe-change.ts';
import { describeRecord } from '../../output/describe-request.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { Cell, Terminal } from '../../output/terminal.ts';
import { unreadableCell } from '../../output/unreadable.ts';
import type { OpsSession } from '../../session/compose.ts';

/** Prints failures as a table, and those that cannot be read by their keys. */
export function showFailures(
  terminal: Terminal,
  records: readonly ChangeRecord[],
  unreadable: readonly UnreadableRecord[] = [],
): void {
  const unread = unreadable.map(({ key }): Cell[] => [key, '', '', '', unreadableCell(terminal), '', '']);
  terminal.table(
    ['change', 'retry', 'tenant', 'request', 'code', 'rejected', 'ticket'],
    [...records.map((record) => failureRow(terminal, record)), ...unread],
  );
}

function failureRow(terminal: Terminal, record: ChangeRecord): Cell[] {
  return [
    record.ref.idempotencyKey,
    retryOf(record),
    record.ref.tenant,
    describeRecord(record).slice(0, 60),
    { text: record.outcome?.kind === 'rejected' ? record.outcome.code : '', colour: terminal.colours.red },
    formatTime(lastAt(record)),
    record.ticket.id,
  ];
}

/** Reports that no failure matches; `named`: the person named keys, so that none of them is a failure is an error. */
export function reportNoFailures(terminal: Terminal, named = false) {
  terminal.say('No matching failures.');
  terminal.document({ failures: [] });
  return named ? EXIT.notFound : EXIT.ok;
}

/** The number of a retry; empty for the first attempt. */
export const retryOf = ({ generation }: Pick<ChangeRecord, 'generation'>) =>
  generation === 1 ? '' : String(generation - 1);

/** Identifies a failure in JSON output. */
export const nameFailure = ({ ref, generation }: ChangeRecord) => ({ ...ref, generation });

/**
 * Deletes the messages of failures from `failures.fifo`. The ledger holds the decision and a message only keeps the alarm
 * on, so a failed deletion is only a warning.
 */
export async function drainFailures(
  session: OpsSession,
  terminal: Terminal,
  records: readonly ChangeRecord[],
): Promise<void> {
  try {
    await session.drain.remove(records.map(({ ref, generation }) => failureId(ref, generation)));
  } catch {
    terminal.warn(
      'The ledger is up to date, but the messages could not be deleted from failures.fifo, so its alarm may stay on (docs/runbook.md, failures-waiting).',
    );
  }
}
