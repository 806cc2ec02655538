import { refKey } from '../domain/lane/change-ref.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { Member } from '../domain/records/intent.ts';
import type { Ledger } from '../ports/ports.ts';
import { readEach } from './read-each.ts';

/**
 * Reads the changes of an intent, or of its members, in lane order, each at the generation of its member. One that
 * cannot be read, or is not there, is left out. Rejects as the ledger does otherwise.
 */
export async function readMembers(
  { ledger }: { ledger: Pick<Ledger, 'readChange'> },
  { members }: { members: readonly Member[] },
): Promise<ChangeRecord[]> {
  const { records } = await readEach(
    ledger,
    members.map(({ ref }) => ref),
  );
  const byRef = new Map(records.map((record) => [refKey(record.ref), record]));
  return members.flatMap((member) => {
    const record = byRef.get(refKey(member.ref));
    if (record === undefined) return [];
    return [record.generation === member.generation ? record : atGeneration(record, member)];
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
