import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent, Member } from '../../../shared/domain/records/intent.ts';

import type { ApplyPorts } from '../lane/ports.ts';

/** The changes of an intent as their members' generations ended or stand, in lane order. Rejects as the ledger does. */
export async function readMembers({ ledger }: ApplyPorts, intent: Intent): Promise<ChangeRecord[]> {
  const records = await Promise.all(intent.members.map(({ ref }) => ledger.readChange(ref)));
  return intent.members.map((member, index) => {
    const record = records[index];
    if (record === undefined) throw new Error(`intent ${intent.writeId} names a change the ledger does not hold`);
    return record.generation === member.generation ? record : asItEnded(record, member);
  });
}

/** Settled by a worker that died before it could let go of the intent, and redriven since: what comes next is not this one's. */
function asItEnded(record: ChangeRecord, { generation, sequence }: Member): ChangeRecord {
  const { outcome: _outcome, ...rest } = record;
  const ended = record.history.find((one) => one.generation === generation);
  return {
    ...rest,
    generation,
    sequence,
    state: 'settled',
    pending: [],
    ...(ended !== undefined && { outcome: ended }),
  };
}
