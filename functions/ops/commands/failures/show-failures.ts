import { failureId } from '../../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';

import { asks, time } from '../../output/describe-change.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { Terminal } from '../../output/terminal.ts';
import type { Session } from '../../session/compose.ts';

export function showFailures(terminal: Terminal, records: readonly ChangeRecord[]): void {
  terminal.table(
    ['change', 'gen', 'tenant', 'asks', 'code', 'rejected', 'ticket'],
    records.map((record) => [
      record.ref.idempotencyKey,
      String(record.generation),
      record.ref.tenant,
      asks(record.change).slice(0, 60),
      { text: record.outcome?.kind === 'rejected' ? record.outcome.code : '', colour: terminal.colours.red },
      time(record.outcome?.at ?? 0),
      record.ticket.id,
    ]),
  );
}

export function nothingToDo(terminal: Terminal) {
  terminal.say('No failure matches.');
  terminal.document({ failures: [] });
  return EXIT.ok;
}

export const nameFailure = ({ ref, generation }: ChangeRecord) => ({ ...ref, generation });

/** The ledger has decided; the message in the queue is only the alarm. If it cannot be taken away, a person is told. */
export async function drainFailures(
  desk: Session,
  terminal: Terminal,
  records: readonly ChangeRecord[],
): Promise<void> {
  try {
    await desk.drain.remove(records.map(({ ref, generation }) => failureId(ref, generation)));
  } catch {
    terminal.warn('Done in the ledger, but the messages could not be taken off failures.fifo: its alarm may go on.');
  }
}
