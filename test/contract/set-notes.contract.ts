import { describe, expect, it } from 'vitest';
import type { SetNote } from '../../shared/domain/notice/set-note.ts';
import { ABSENT } from '../../shared/ports/ports.ts';
import type { SetNotes } from '../../shared/ports/set-notes.ts';
import { TEST_START } from '../fakes/fake-clock.ts';

const aNote = (id: string): SetNote => ({
  version: 0,
  id,
  source: 'helpdesk',
  ticket: 'CHG0000001',
  size: 2,
  members: [
    {
      lane: 'BETA:1',
      tenant: 'acme-test',
      idempotencyKey: 'CHG0000001/1',
      generation: 1,
      index: 1,
      kind: 'applied',
      told: false,
    },
  ],
  since: TEST_START,
  timer: 'one',
  early: false,
});

/** The promises to `notify`, of the fake and of the table. */
export function describeSetNotes(name: string, open: () => Promise<SetNotes> | SetNotes): void {
  describe(name, () => {
    it('answers what was written, with the next version, and nothing before', async () => {
      const notes = await open();
      await expect(notes.read('n1')).resolves.toBeUndefined();
      await expect(notes.write(aNote('n1'), ABSENT)).resolves.toEqual({ written: true });
      await expect(notes.read('n1')).resolves.toEqual({ ...aNote('n1'), version: 1 });
      const claim = { by: 'me', until: TEST_START + 1 };
      const next = { ...aNote('n1'), version: 1, claim, commented: 'round-1' };
      await expect(notes.write(next, 1)).resolves.toEqual({ written: true });
      await expect(notes.read('n1')).resolves.toEqual({ ...next, version: 2 });
    });

    it('refuses a write on something else than was read, and brings what stands there', async () => {
      const notes = await open();
      await notes.write(aNote('n2'), ABSENT);
      const found = { ...aNote('n2'), version: 1 };
      await expect(notes.write(aNote('n2'), ABSENT)).resolves.toEqual({ written: false, found });
      await expect(notes.write(aNote('n2'), 7)).resolves.toEqual({ written: false, found });
    });
  });
}
