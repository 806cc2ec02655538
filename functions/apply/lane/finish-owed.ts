import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { tryOutboxes } from '../../../shared/ledger/outbox.ts';
import type { ApplyPorts } from './ports.ts';

/**
 * Sends what settled changes owe, and answers those whose failure and outcome are sent. A change that goes on owing holds up no
 * later one: the sweeper tries each minute, and until its outcome is sent its message is set aside. Rejects as `tryOutboxes` does.
 */
export async function finishOwed(ports: ApplyPorts, records: readonly ChangeRecord[]): Promise<ChangeRecord[]> {
  const { finished, owing } = await tryOutboxes(ports, records);
  for (const { record, error } of owing) {
    ports.log.error('owed sends could not be sent', { ...record.ref, error });
    ports.meter.count('WorkerError', 1);
  }
  return finished;
}
