import type { SetNote } from '../../shared/domain/notice/set-note.ts';
import { ABSENT } from '../../shared/ports/ports.ts';
import type { SetNotes } from '../../shared/ports/set-notes.ts';

/**
 * Writes what `change` makes of the note as it stands, and again of what somebody else left there meanwhile; answers the
 * note as it then stands. A note that `change` leaves as it is, is not written; undefined gives up.
 */
export async function updateNote<Next extends SetNote | undefined>(
  notes: SetNotes,
  id: string,
  change: (note: SetNote | undefined) => Next,
): Promise<Next> {
  let known = await notes.read(id);
  for (;;) {
    const next = change(known);
    if (next === undefined || next === known) return next;
    const expected = known?.version ?? ABSENT;
    const result = await notes.write(next, expected);
    if (result.written) return { ...next, version: expected + 1 };
    known = result.found;
  }
}
