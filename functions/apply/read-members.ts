import type { ChangeRecord, Intent } from '../../shared/domain/records.ts';
import type { ApplyPorts } from './apply-ports.ts';

/** The changes of an intent, in lane order. Rejects as the ledger does. */
export async function readMembers({ ledger }: ApplyPorts, intent: Intent): Promise<ChangeRecord[]> {
  const records = await Promise.all(intent.members.map(({ ref }) => ledger.readChange(ref)));
  return records.map((record) => {
    if (record === undefined) throw new Error(`intent ${intent.writeId} names a change the ledger does not hold`);
    return record;
  });
}
