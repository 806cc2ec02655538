import { describe, expect, it } from 'vitest';
import { dyingAt } from '../dying-worker.ts';
import { LANE } from '../lane-world.ts';
import { adding, describing, group, sharedLane } from './shared-lane-world.ts';

const HOUR = 3_600_000;
const stops = ({ world }: ReturnType<typeof sharedLane>) =>
  world.log.lines.filter(({ message }) => message === 'lane stopped').length;

describe('a lane that two tenants share', () => {
  it.each(['secret-missing', 'secret-malformed', 'sign-in-refused', 'sign-in-failed'])(
    'goes on for one while the other meets %s, and afterwards for the other, in order',
    async (code) => {
      const lane = sharedLane();
      const { world, codes, changes, accept, endings, stopped } = lane;
      codes.set('acme', code);
      for (const n of [1, 2]) await accept(describing(n, 'acme'));
      for (const n of [3, 4]) await accept(describing(n, 'sibling'));
      await accept(describing(1, 'acme', 'later'));
      await accept(describing(5, 'sibling'));
      await world.invoke(changes);
      expect(await endings()).toEqual(['open', 'open', 'applied', 'applied', 'open', 'applied']);
      expect(await stopped()).toMatchObject({ code, tries: 1, tenants: ['acme'] });
      const waiting = changes.filter(({ ref }) => ref.tenant === 'acme');
      await expect(world.settle(waiting, 400)).rejects.toThrow('m-T-1');
      codes.clear();
      await world.settle(changes);
      expect(await endings()).toEqual(changes.map(() => 'applied'));
      const written = world.tenant.writes.map((write) => write.kind === 'update' && write.groupId);
      expect(written).toEqual([3, 4, 5, 1, 2, 1].map(group));
      expect([await stopped(), stops(lane)]).toEqual([undefined, 1]);
    },
  );

  it('goes on for one while the configuration pauses the other', async () => {
    const { world, changes, accept, endings } = sharedLane();
    await accept(describing(1, 'acme'));
    for (const n of [2, 3]) await accept(describing(n, 'sibling'));
    await accept(describing(1, 'sibling', 'later'));
    const { configuration } = world.ports;
    const { acme, sibling } = configuration.tenants;
    if (acme === undefined || sibling === undefined) throw new Error('both are configured');
    world.ports.configuration = { ...configuration, tenants: { acme: { ...acme, mode: 'paused' }, sibling } };
    await world.invoke(changes);
    expect(await endings()).toEqual(['open', 'applied', 'applied', 'open']);
    world.ports.configuration = configuration;
    await world.settle(changes);
    expect([await endings(), world.tenant.groups.get('901')?.description]).toEqual([
      ['applied', 'applied', 'applied', 'applied'],
      'later',
    ]);
  });

  it('never takes a change of one before a change of the other that it may share something with', async () => {
    const { world, codes, changes, accept, endings } = sharedLane();
    world.addApplications('11', '12');
    codes.set('acme', 'secret-missing');
    await accept(adding(1, '11', 'acme'));
    await accept(adding(2, '11', 'sibling'));
    await accept(describing(2, 'sibling'));
    await accept(adding(4, '12', 'sibling'));
    // The name may be the group of the first change, and the id the group of that name.
    await accept({ ...describing(3, 'sibling'), ...{ group: { name: 'Group 3' } } });
    await accept(describing(5, 'sibling'));
    await world.invoke(changes);
    expect(await endings()).toEqual(['open', 'open', 'open', 'applied', 'open', 'open']);
    codes.clear();
    await world.settle(changes);
    const others = ['applied', 'applied', 'applied', 'applied'];
    expect(await endings()).toEqual(['applied', 'application-in-other-group', ...others]);
  });

  it('stands still as a whole where ZPA answers neither', async () => {
    const { world, codes, changes, accept, endings, stopped } = sharedLane();
    codes.set('acme', 'unreachable').set('sibling', 'unreachable');
    await accept(describing(1, 'acme'));
    await accept(describing(2, 'sibling'));
    expect(await world.invoke(changes)).toHaveLength(2);
    expect(await stopped()).toMatchObject({ tries: 1 });
    expect(await stopped()).not.toHaveProperty('tenants');
    codes.clear();
    await world.settle(changes);
    expect(await endings()).toEqual(['applied', 'applied']);
  });

  it('is probed for each tenant that has a fault of its own, and goes on for the first that is mended', async () => {
    const lane = sharedLane();
    const { world, codes, changes, accept, endings, stopped } = lane;
    codes.set('acme', 'secret-missing').set('sibling', 'sign-in-refused');
    await accept(describing(1, 'acme'));
    await accept(describing(2, 'sibling'));
    await world.invoke(changes);
    expect(await stopped()).toMatchObject({ tries: 2, tenants: ['acme', 'sibling'] });
    codes.delete('acme');
    await world.clock.advance(HOUR);
    await world.invoke(changes);
    expect(await endings()).toEqual(['applied', 'open']);
    expect(await stopped()).toMatchObject({ tenants: ['sibling'] });
    codes.clear();
    await world.settle(changes);
    expect([await endings(), await stopped(), stops(lane)]).toEqual([['applied', 'applied'], undefined, 1]);
  });

  it('reads back what one tenant wrote before it stops for the other', async () => {
    const { world, codes, changes, accept, endings, stopped } = sharedLane();
    for (const n of [1, 2]) await accept(describing(n, 'sibling'));
    await accept(describing(3, 'acme'));
    await accept(describing(4, 'sibling'));
    codes.set('acme', 'secret-missing');
    await world.invoke(changes);
    expect(await endings()).toEqual(['applied', 'applied', 'open', 'applied']);
    expect(await stopped()).toMatchObject({ tenants: ['acme'] });
    expect(world.outcomes.published.map(({ ref }) => ref.idempotencyKey)).toEqual(['T-1', 'T-2', 'T-4']);
  });

  it('stands still as a whole while a write of the stopped tenant awaits its read-back', async () => {
    const { world, codes, changes, accept, endings, stopped } = sharedLane();
    for (const n of [1, 2]) await accept(describing(n, 'acme'));
    await accept(describing(3, 'sibling'));
    const { interfere } = world.tenant;
    world.tenant.interfere = (method, argument) => {
      if (world.tenant.writes.length === 1) codes.set('acme', 'sign-in-refused');
      return interfere(method, argument);
    };
    await world.invoke(changes);
    expect([await endings(), (await stopped())?.tenants]).toEqual([['open', 'open', 'open'], undefined]);
    world.tenant.interfere = () => undefined;
    await world.settle(changes);
    expect(await endings()).toEqual(['applied', 'applied', 'applied']);
  });

  it('keeps the order of each tenant, wherever the worker dies', async () => {
    const start = async () => {
      const lane = sharedLane();
      lane.codes.set('acme', 'secret-missing');
      await lane.accept(describing(1, 'acme', 'a'));
      await lane.accept(describing(2, 'sibling', 'a'));
      await lane.accept(describing(1, 'acme', 'b'));
      // It needs no write, so its settlement is the first sign of it in the ledger.
      await lane.accept(describing(3, 'sibling', ''));
      await lane.accept(describing(4, 'sibling', 'a'));
      return lane;
    };
    const whole = await start();
    const rehearsal = dyingAt(whole.world, Number.POSITIVE_INFINITY, 'before');
    await whole.world.invoke(whole.changes, rehearsal.ports);
    expect(await whole.endings()).toEqual(['open', 'applied', 'open', 'unchanged', 'applied']);
    for (let at = 1; at <= rehearsal.calls(); at += 1) {
      for (const phase of ['before', 'after'] as const) {
        const { world, codes, changes, accept, endings } = await start();
        await world.invoke(changes, dyingAt(world, at, phase).ports).catch(() => []);
        await accept(describing(1, 'acme', 'c'));
        await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
        await world.invoke(changes);
        codes.clear();
        await world.settle(changes);
        expect(await endings()).toEqual(['applied', 'applied', 'applied', 'unchanged', 'applied', 'applied']);
        const written = world.tenant.writes.map((write) => write.kind === 'update' && write.fields.description);
        expect(written.toSorted()).toEqual(['a', 'a', 'a', 'b', 'c']);
        expect(world.tenant.groups.get('901')?.description).toBe('c');
      }
    }
  });

  it('is paused for both', async () => {
    const { world, codes, changes, accept, endings } = sharedLane();
    codes.set('acme', 'secret-missing');
    await accept(describing(1, 'acme'));
    await accept(describing(2, 'sibling'));
    await world.invoke(changes.slice(0, 1), world.ports, 31_000);
    const lane = await world.ledger.readLane(LANE);
    await world.ledger.writeLane({ ...lane, paused: { by: 'kim', reason: 'audit', since: 1 } }, lane.version);
    await accept(describing(3, 'sibling'));
    await world.invoke(changes);
    expect((await endings()).at(-1)).toBe('open');
  });
});
