import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { tryOutboxes } from '../../../shared/ledger/outbox.ts';
import type { ApplyPorts } from './ports.ts';

/**
 * Sends what settled changes owe, and answers those that owe nothing now. A change whose failure or outcome cannot be sent
 * holds up no later one: its message is set aside, and the sweeper tries each minute. Rejects as `tryOutboxes` does.
 */
export async function finishOwed(ports: ApplyPorts, records: readonly ChangeRecord[]): Promise<ChangeRecord[]> {
  const { finished, unsent } = await tryOutboxes(ports, records);
  for (const { record, error } of unsent) {
    ports.log.error('owed sends could not be sent', { ...record.ref, error });
    ports.meter.count('WorkerError', 1);
  }
  return finished;
}
