import { describeSetNotes } from '../../contract/set-notes.contract.ts';
import { createMemorySetNotes } from '../../fakes/memory-set-notes.ts';

describeSetNotes('notes in memory', createMemorySetNotes);
