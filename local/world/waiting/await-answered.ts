import { createSetNotes } from '../../../shared/aws/ledger/notes/set-notes.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { isSettled, memberKey, noteId, type SetNote } from '../../../shared/domain/notice/set-note.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { FunctionEnvironment } from '../functions/functions.ts';

/** Answers true when every settled change whose source has a ticket system was notified on its ticket, else undefined. */
export function createAnsweredCheck(configuration: Configuration, environment: FunctionEnvironment) {
  const notes = createSetNotes({ env: environment, tableName: environment.TABLE_NAME ?? '' });
  const hasTickets = ({ ref }: ChangeRecord) => configuration.sources[ref.source]?.tickets !== undefined;
  return async (changes: readonly ChangeRecord[]): Promise<true | undefined> => {
    const ended = changes.filter(isSettled).filter(hasTickets);
    const found = await Promise.all(ended.map((record) => notes.read(noteId(record))));
    return ended.every((record, index) => isNotified(record, found[index])) || undefined;
  };
}

function isNotified(record: ChangeRecord, note: SetNote | undefined): boolean {
  const member = note?.members.find((one) => memberKey(one) === memberKey(record.ref));
  return member?.told === true && member.generation === record.generation;
}
