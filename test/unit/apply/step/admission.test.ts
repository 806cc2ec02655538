import { describe, expect, it } from 'vitest';
import { GROUP, laneWith } from '../lane-world.ts';
import { adding, iso, MINUTE, refs, update } from '../requests.ts';

/** The group has so many members, and ZPA knows these applications. */
const aWorld = (members: number, ...applications: string[]) =>
  laneWith([{ applicationIds: idsFrom(100_000, members) }], applications);
const idsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => `${72057594038000000n + BigInt(first + index)}`);

describe('changes that are rejected before ZPA is asked', () => {
  it('ask for something a newer version accepted and this one does not know', async () => {
    const world = aWorld(0, '11', '12');
    const changes = await world.acceptAll(adding('11'), adding('12'));
    const strange = await world.read('T-2');
    const change = Object.assign({}, strange.change, { onlyIfQuiet: true });
    await world.ledger.writeChange({ ...strange, change }, 1);
    await world.settle(changes).catch(() => undefined);
    const said = { kind: 'rejected', code: 'invalid-change', path: 'onlyIfQuiet' };
    expect(await world.outcome('T-2')).toMatchObject(said);
    expect([await world.endings('T-1'), world.group()?.applicationIds]).toEqual([['applied'], ['11']]);
  });

  it('have a window that closed before their turn, to the millisecond', async () => {
    const world = aWorld(0, '11', '12');
    const [late, early] = [0, MINUTE].map((ms) => ({ notAfter: iso(world.clock.now() + ms) }));
    const said = { kind: 'rejected', code: 'window-closed', path: 'notAfter' };
    expect(await world.play(adding('11', late), adding('12', early))).toMatchObject(said);
    expect([await world.endings('T-2'), world.group()?.applicationIds]).toEqual([['applied'], ['12']]);
  });

  it('belong to a microtenant that is configured no more', async () => {
    const world = aWorld(0, '11');
    const said = { kind: 'rejected', code: 'not-permitted' };
    expect(await world.play(adding('11', { microtenant: 'gone' }))).toMatchObject(said);
    expect(world.tenant.calls).toHaveLength(0);
  });
});

describe('an intent that does not fit one ledger item', () => {
  it('is taken in smaller steps', async () => {
    const lists = [idsFrom(0, 500), idsFrom(500, 500)];
    const world = aWorld(18_500, ...lists.flat());
    await world.play(...lists.map((ids) => update(GROUP, { applications: { add: refs(...ids) } })));
    expect(world.tenant.writes.map((one) => one.kind === 'update' && one.addedApps)).toEqual(lists);
  });

  it('of one change alone rejects it, and the lane goes on', async () => {
    const world = aWorld(21_000, '11');
    expect(await world.invoke(await world.acceptAll(adding('11')))).toEqual([]);
    const said = { kind: 'rejected', code: 'guarded', remedy: expect.stringContaining('Split it') };
    expect(await world.outcome()).toMatchObject(said);
    expect(world.tenant.writes).toHaveLength(0);
  });
});
