import type { SetNote } from '../domain/notice/set-note.ts';
import type { Written } from './ports.ts';

/** Notes of `notify` about change sets, in the ledger's table. Reads are consistent, writes as `Ledger.writeChange`. */
export type SetNotes = {
  read(id: string): Promise<SetNote | undefined>;
  write(note: SetNote, expected: number): Promise<Written<SetNote>>;
};
