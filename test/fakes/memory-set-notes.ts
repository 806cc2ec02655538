import type { SetNote } from '../../shared/domain/notice/set-note.ts';
import type { SetNotes } from '../../shared/ports/set-notes.ts';

/** Notes in memory: same promises as the table, checked by the same contract. Clones on the way in and out. */
export function createMemorySetNotes(): SetNotes {
  const notes = new Map<string, SetNote>();
  return {
    read: async (id) => structuredClone(notes.get(id)),
    async write(note, expected) {
      const found = notes.get(note.id);
      if ((found?.version ?? 0) !== expected) return { written: false, found: structuredClone(found) };
      notes.set(note.id, { ...structuredClone(note), version: expected + 1 });
      return { written: true };
    },
  };
}
