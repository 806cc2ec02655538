import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { Intent, Member } from '../domain/records/intent.ts';
import type { Ledger } from '../ports/ports.ts';

/** Reads the changes of an intent, in lane order, each at the generation of its member. Rejects as the ledger does. */
export async function readMembers(
  { ledger }: { ledger: Pick<Ledger, 'readChange'> },
  intent: Intent,
): Promise<ChangeRecord[]> {
  const records = await Promise.all(intent.members.map(({ ref }) => ledger.readChange(ref)));
  return intent.members.map((member, index) => {
    const record = records[index];
    if (record === undefined) throw new Error(`intent ${intent.writeId} names a change the ledger does not hold`);
    return record.generation === member.generation ? record : atGeneration(record, member);
  });
}

/**
 * The settled generation of a change that was redriven before the intent was cleared: the newer generation does not
 * belong to the intent.
 */
function atGeneration(record: ChangeRecord, { generation, sequence }: Member): ChangeRecord {
  const { outcome: _outcome, ...rest } = record;
  const outcome = record.history.find((one) => one.generation === generation);
  return {
    ...rest,
    generation,
    sequence,
    state: 'settled',
    pending: [],
    ...(outcome !== undefined && { outcome }),
  };
}
