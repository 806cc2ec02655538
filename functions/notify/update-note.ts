import type { SetNote } from '../../shared/domain/notice/set-note.ts';
import { optimisticUpdate } from '../../shared/ledger/optimistic-update.ts';
import type { SetNotes } from '../../shared/ports/set-notes.ts';

/**
 * Applies `change` to the stored note and writes the result. If another invocation wrote meanwhile, applies `change` to
 * that note instead. Answers the note as stored. Writes nothing if `change` answers the same note; undefined gives up.
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
