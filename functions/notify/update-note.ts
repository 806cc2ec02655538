import type { SetNote } from '../../shared/domain/notice/set-note.ts';
import { optimisticUpdate } from '../../shared/ledger/optimistic-update.ts';
import type { SetNotes } from '../../shared/ports/set-notes.ts';

/**
 * Writes what `change` makes of the note as it stands, and again of what somebody else left there meanwhile; answers the
 * note as it then stands. A note that `change` leaves as it is, is not written. Rejects with `ledger-contention`.
 */
export async function updateNote(
  notes: SetNotes,
  id: string,
  change: (note: SetNote | undefined) => SetNote | undefined,
): Promise<SetNote | undefined> {
  const { record } = await optimisticUpdate<SetNote, SetNote | undefined>(await notes.read(id), {
    change,
    write: (note, expected) => notes.write(note, expected),
    absent: () => undefined,
    subject: `the note of set ${id}`,
  });
  return record;
}
