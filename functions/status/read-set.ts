import { noteId } from '../../shared/domain/notice/set-note.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { ChangeSetRecords } from '../../shared/domain/story/view.ts';
import { errorCode } from '../../shared/ports/error-code.ts';
import type { StatusPorts } from './ports.ts';

/** The most members read for one page. */
const MOST_MEMBERS = 100;

/**
 * Reads the change set of a change: the change itself, and the members that `notify` noted as they ended. A change of another
 * ticket, source, set or approval is never among them, and one whose record is malformed does not hide the others. undefined:
 * the change is in no set, or in a set of one.
 */
export async function readSet(
  { ledger, notes, log }: Pick<StatusPorts, 'ledger' | 'notes' | 'log'>,
  record: ChangeRecord,
): Promise<ChangeSetRecords | undefined> {
  const { changeSet } = record.change;
  if (changeSet === undefined || changeSet.size < 2) return undefined;
  const id = noteId(record);
  const note = await unlessMalformed(log, notes.read(id));
  const others = (note?.members ?? []).filter(({ index }) => index !== changeSet.index).slice(0, MOST_MEMBERS);
  const records = await Promise.all(
    others.map(({ lane, tenant, idempotencyKey }) =>
      unlessMalformed(log, ledger.readChange({ lane, tenant, idempotencyKey, source: record.ref.source })),
    ),
  );
  const members = records.filter((one) => one !== undefined && noteId(one) === id && isOfTicket(one, record));
  return {
    size: changeSet.size,
    members: [record, ...members.filter((one) => one !== undefined)].toSorted((a, b) => placeOf(a) - placeOf(b)),
  };
}

/** A record that cannot be parsed is not known here; any other failure of the ledger rejects. */
async function unlessMalformed<T>(log: StatusPorts['log'], read: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'record-malformed') throw error;
    log.error('a record of a change set cannot be read', { code, error });
    return undefined;
  }
}

const placeOf = ({ change }: ChangeRecord) => change.changeSet?.index ?? 0;

const isOfTicket = (one: ChangeRecord, other: ChangeRecord) =>
  one.ref.source === other.ref.source && one.ticket.id === other.ticket.id;
