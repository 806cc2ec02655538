import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LANE } from '../apply/lane-world.ts';
import { openWorld, rename } from './edited-world.ts';
import { EDITS } from './edits.ts';
import { endingIn, reach, STATES } from './states.ts';

/** The table of docs/configuration-edits.md is the expectation: each of its cells is carried out. */
const page = readFileSync(join(import.meta.dirname, '../../../docs/configuration-edits.md'), 'utf8');
const [, table = ''] = page.match(/^(\| edit [\s\S]*?)\n\n/m) ?? [];
const [head = [], , ...rows] = table.split('\n').map((line) => line.slice(2, -2).split(' | '));
const expected = (edit: string, state: string) => {
  const cell = rows.find(([name]) => name === edit)?.[head.indexOf(state)];
  return cell?.replaceAll('`', '');
};

describe('docs/configuration-edits.md', () => {
  it('lists every edit and every state', () => {
    expect(head.slice(1)).toEqual(STATES);
    expect(rows.map(([edit]) => edit)).toEqual(EDITS);
  });
});

describe.each(EDITS)('%s', (edit) => {
  it.each(STATES)('while the change is %s', async (state) => {
    for (const alone of [false, true]) {
      const world = await openWorld(alone);
      await reach(world, state);
      const logged = world.log.lines.length;
      const written = world.writes().length;
      world.edit(edit);
      const later = { ...rename('Later', { id: '3' }), tenant: 'sibling' };
      const behind = alone ? undefined : await world.accept('T-9', later, world.clock.now(), 'other');

      const ending = await endingIn(world, state);

      expect(ending).toBe(expected(edit, state));
      expect(world.ledger.allChanges().filter((one) => one.state !== 'settled')).toEqual([]);
      expect(await world.ledger.readLane(LANE)).not.toMatchObject({ intent: expect.anything() });
      expect(await world.ledger.readLane(LANE)).not.toMatchObject({ answered: expect.anything() });
      const errors = world.log.lines.slice(logged).filter(({ message }) => message.includes('ended with an error'));
      expect(errors).toEqual([]);
      if (behind !== undefined) {
        expect((await world.ledger.readChange(behind.ref))?.outcome).toMatchObject({ kind: 'applied' });
      }
      const sent = world.writes().slice(written);
      const own = sent.filter((write) => write.kind !== 'update' || write.fields.name !== 'Later');
      if (/not-permitted|guarded|outcome-unknown/.test(ending)) expect(own).toEqual([]);
      expect(new Set(own.map((write) => JSON.stringify(write))).size).toBe(own.length);
    }
  });
});
