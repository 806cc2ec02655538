import { noteId } from '../../shared/domain/notice/set-note.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { ChangeSetRecords } from './page/view.ts';
import type { StatusPorts } from './ports.ts';

/** The most members read for one page. */
const MOST_MEMBERS = 100;

/**
 * Reads the change set of a change: the change itself, and the members that `notify` noted as they ended. A change of another
 * ticket, source, set or approval is never among them. undefined: the change is in no set, or in a set of one.
 */
export async function readSet(
  { ledger, notes }: Pick<StatusPorts, 'ledger' | 'notes'>,
  record: ChangeRecord,
): Promise<ChangeSetRecords | undefined> {
  const { changeSet } = record.change;
  if (changeSet === undefined || changeSet.size < 2) return undefined;
  const id = noteId(record);
  const note = await notes.read(id);
  const others = (note?.members ?? []).filter(({ index }) => index !== changeSet.index).slice(0, MOST_MEMBERS);
  const records = await Promise.all(
    others.map(({ lane, tenant, idempotencyKey }) =>
      ledger.readChange({ lane, tenant, idempotencyKey, source: record.ref.source }),
    ),
  );
  const members = records.filter((one) => one !== undefined && noteId(one) === id && isOfTicket(one, record));
  return {
    size: changeSet.size,
    members: [record, ...members.filter((one) => one !== undefined)].toSorted((a, b) => placeOf(a) - placeOf(b)),
  };
}

const placeOf = ({ change }: ChangeRecord) => change.changeSet?.index ?? 0;

const isOfTicket = (one: ChangeRecord, other: ChangeRecord) =>
  one.ref.source === other.ref.source && one.ticket.id === other.ticket.id;
