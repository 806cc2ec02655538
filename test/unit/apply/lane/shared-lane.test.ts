import { describe, expect, it } from 'vitest';
import { cancelChange } from '../../../../shared/ledger/cancel-change.ts';
import { sendToLane } from '../../../../shared/ledger/send-to-lane.ts';
import { dyingAt } from '../dying-worker.ts';
import { LANE } from '../lane-world.ts';
import { HOUR } from '../requests.ts';
import { adding, describing, group, sharedLane } from './shared-lane-world.ts';

const NO_SECRET = { acme: 'secret-missing' };

describe('a lane that two tenants share', () => {
  it.each(['secret-missing', 'secret-malformed', 'sign-in-refused', 'sign-in-failed'])(
    'goes on for one while the other meets %s, and afterwards for the other, in order',
    async (code) => {
      const acme = [describing(1, 'acme'), describing(2, 'acme')];
      const asked = [...acme, describing(3, 'sibling'), describing(4, 'sibling'), describing(1, 'acme', 'later')];
      const lane = await sharedLane({ acme: code }, [...asked, describing(5, 'sibling')]);
      expect(await lane.work()).toEqual(['open', 'open', 'applied', 'applied', 'open', 'applied']);
      expect(await lane.stopped()).toMatchObject({ code, tries: 1, tenants: ['acme'] });
      const waiting = lane.changes.filter(({ ref }) => ref.tenant === 'acme');
      await expect(lane.world.settle(waiting, 400)).rejects.toThrow('m-T-1');
      expect(await lane.settle()).toEqual(lane.changes.map(() => 'applied'));
      expect(lane.world.written()).toEqual([3, 4, 5, 1, 2, 1].map(group));
      expect([await lane.stopped(), lane.stops()]).toEqual([undefined, 1]);
    },
  );

  it('says which places it has passed over, and none behind its last step', async () => {
    const held = (n: number) => describing(n, 'acme');
    const adding12 = adding(2, '12', 'sibling');
    const { world, work } = await sharedLane(NO_SECRET, [
      held(1),
      adding(2, '11', 'sibling'),
      held(3),
      adding12,
      held(4),
    ]);
    world.addApplications('11', '12');
    expect(await work()).toEqual(['open', 'applied', 'open', 'applied', 'open']);
    expect(world.written()).toEqual([group(2)]);
    expect(await world.lane()).toMatchObject({ through: 4, skipped: [1, 3] });
  });

  it('goes on for one while the configuration pauses the other', async () => {
    const others = [describing(2, 'sibling'), describing(3, 'sibling'), describing(1, 'sibling', 'later')];
    const { world, work, settle, setMode } = await sharedLane({}, [describing(1, 'acme'), ...others]);
    setMode('paused');
    expect(await work()).toEqual(['open', 'applied', 'applied', 'open']);
    setMode('apply');
    expect(await settle()).toEqual(['applied', 'applied', 'applied', 'applied']);
    expect(world.group('901')?.description).toBe('later');
  });

  it('never takes a change of one before a change of the other that it may share something with', async () => {
    const { world, accept, work, settle } = await sharedLane(NO_SECRET);
    world.addApplications('11', '12');
    await accept(
      adding(1, '11', 'acme'),
      adding(2, '11', 'sibling'),
      describing(2, 'sibling'),
      adding(4, '12', 'sibling'),
    );
    // The name may be the group of the first change, and the id the group of that name.
    await accept({ ...describing(3, 'sibling'), ...{ group: { name: 'Group 3' } } }, describing(5, 'sibling'));
    expect(await work()).toEqual(['open', 'open', 'open', 'applied', 'open', 'open']);
    const others = ['applied', 'applied', 'applied', 'applied'];
    expect(await settle()).toEqual(['applied', 'application-in-other-group', ...others]);
  });

  it('stands still as a whole where ZPA answers neither', async () => {
    const faults = { acme: 'unreachable', sibling: 'unreachable' };
    const lane = await sharedLane(faults, [describing(1, 'acme'), describing(2, 'sibling')]);
    expect(await lane.work()).toEqual(['open', 'open']);
    expect(await lane.stopped()).toMatchObject({ tries: 1 });
    expect(await lane.stopped()).not.toHaveProperty('tenants');
    expect(await lane.settle()).toEqual(['applied', 'applied']);
  });

  it('is probed for each tenant that has a fault of its own, and goes on for the first that is mended', async () => {
    const faults = { ...NO_SECRET, sibling: 'sign-in-refused' };
    const lane = await sharedLane(faults, [describing(1, 'acme'), describing(2, 'sibling')]);
    await lane.work();
    expect(await lane.stopped()).toMatchObject({ tries: 2, tenants: ['acme', 'sibling'] });
    lane.codes.delete('acme');
    await lane.world.clock.advance(HOUR);
    expect(await lane.work()).toEqual(['applied', 'open']);
    expect(await lane.stopped()).toMatchObject({ tenants: ['sibling'] });
    expect([await lane.settle(), await lane.stopped(), lane.stops()]).toEqual([['applied', 'applied'], undefined, 1]);
  });

  it('reads back what one tenant wrote before it stops for the other', async () => {
    const asked = [describing(1, 'sibling'), describing(2, 'sibling'), describing(3, 'acme'), describing(4, 'sibling')];
    const { world, work, stopped } = await sharedLane(NO_SECRET, asked);
    expect(await work()).toEqual(['applied', 'applied', 'open', 'applied']);
    expect(await stopped()).toMatchObject({ tenants: ['acme'] });
    expect(world.outcomes.published.map(({ ref }) => ref.idempotencyKey)).toEqual(['T-1', 'T-2', 'T-4']);
  });

  it('stands still as a whole while a write of the stopped tenant awaits its read-back', async () => {
    const asked = [describing(1, 'acme'), describing(2, 'acme'), describing(3, 'sibling')];
    const { world, codes, work, settle, stopped } = await sharedLane({}, asked);
    const { interfere } = world.tenant;
    world.tenant.interfere = (method, argument) => {
      if (world.tenant.writes.length === 1) codes.set('acme', 'sign-in-refused');
      return interfere(method, argument);
    };
    expect([await work(), (await stopped())?.tenants]).toEqual([['open', 'open', 'open'], undefined]);
    world.tenant.interfere = () => undefined;
    expect(await settle()).toEqual(['applied', 'applied', 'applied']);
  });

  it('keeps the order of each tenant, wherever the worker dies', async () => {
    // The fourth needs no write, so its settlement is the first sign of it in the ledger.
    const [a, b] = [describing(1, 'acme', 'a'), describing(1, 'acme', 'b')];
    const siblings = [
      describing(2, 'sibling', 'a'),
      describing(3, 'sibling', ''),
      describing(4, 'sibling', 'a'),
    ] as const;
    const start = () => sharedLane(NO_SECRET, [a, siblings[0], b, siblings[1], siblings[2]]);
    const whole = await start();
    const rehearsal = dyingAt(whole.world, Number.POSITIVE_INFINITY, 'before');
    await whole.world.invoke(whole.changes, rehearsal.ports);
    expect(await whole.endings()).toEqual(['open', 'applied', 'open', 'unchanged', 'applied']);
    for (let at = 1; at <= rehearsal.calls(); at += 1) {
      for (const phase of ['before', 'after'] as const) {
        const { world, changes, accept, work, settle } = await start();
        await world.invoke(changes, dyingAt(world, at, phase).ports).catch(() => []);
        await accept(describing(1, 'acme', 'c'));
        await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
        await work();
        expect(await settle()).toEqual(['applied', 'applied', 'applied', 'unchanged', 'applied', 'applied']);
        const written = world.tenant.writes.map((write) => write.kind === 'update' && write.fields.description);
        expect(written.toSorted()).toEqual(['a', 'a', 'a', 'b', 'c']);
        expect(world.group('901')?.description).toBe('c');
      }
    }
  });

  it('is paused for both', async () => {
    const asked = [describing(1, 'acme'), describing(2, 'sibling')];
    const { world, changes, accept, work } = await sharedLane(NO_SECRET, asked);
    await world.invoke(changes.slice(0, 1), world.ports, 31_000);
    await world.setLane({ paused: { by: 'kim', reason: 'audit', since: 1 } });
    await accept(describing(3, 'sibling'));
    expect((await work()).at(-1)).toBe('open');
  });
});

describe('a change set of a lane that two tenants share', () => {
  const setOf = (index: number) => ({ changeSet: { id: 'S', index, size: 3, onReject: 'stop' } });
  /** The first member is about the group of a change of the other tenant, and will be rejected. */
  const asked = [
    ...[describing(1, 'acme'), { ...describing(1, 'sibling'), ...{ expect: { enabled: true } }, ...setOf(1) }],
    ...[{ ...describing(2, 'sibling'), ...setOf(2) }, describing(3, 'sibling')],
  ];

  it.each([
    ['its first member is held back', NO_SECRET, 'apply'],
    ['the configuration pauses the other tenant', {}, 'paused'],
  ] as const)('waits as a whole while %s, and stops with it', async (_, faults, mode) => {
    const { work, settle, setMode } = await sharedLane(faults, asked);
    setMode(mode);
    expect(await work()).toEqual(['open', 'open', 'open', 'applied']);
    setMode('apply');
    expect(await settle()).toEqual(['applied', 'precondition-failed', 'not-attempted', 'applied']);
  });
});

describe('a tenant whose sign-in fails', () => {
  /** Its messages are hidden until the next probe. */
  async function withHiddenMessages() {
    const lane = await sharedLane(NO_SECRET, [describing(1, 'acme')]);
    await lane.work();
    expect((await lane.world.lane()).hiddenUntil).toBeGreaterThan(lane.world.clock.now());
    expect(await lane.stopped()).toMatchObject({ tenants: ['acme'] });
    const [first] = lane.changes;
    if (first === undefined) throw new Error('it was accepted');
    const cancel = () => cancelChange(lane.world.ports, first.ref, { by: 'desk', reason: 'no' });
    return { ...lane, cancel };
  }

  it.each([
    ['no new change of its sibling waiting behind its hidden messages', ['sibling']],
    ['none either where one of its own comes along', ['acme', 'sibling']],
    ['its own new changes waiting for the next probe', ['acme']],
  ])('keeps %s: sent for %o', async (_, tenants) => {
    const { world, changes, accept } = await withHiddenMessages();
    for (const tenant of tenants) await accept(describing(2, tenant));
    await sendToLane(world.ports, LANE, changes.slice(1), 'accept');
    const apartAt = tenants.includes('sibling') ? world.clock.now() : undefined;
    expect(world.queue.sent.map((sent) => sent.apartAt)).toEqual(tenants.map(() => apartAt));
  });

  it.each([
    ['before', 0],
    ['after', HOUR],
  ])('is stopped no more once its last change is cancelled: the lane is worked %s the next probe', async (_, later) => {
    const { world, changes, accept, cancel, endings, stopped } = await withHiddenMessages();
    await cancel();
    await world.clock.advance(later);
    await accept(describing(2, 'sibling'));
    await world.settle(changes.slice(1));
    expect([await endings(), await stopped()]).toEqual([['cancelled', 'applied'], undefined]);
  });

  it('is still stopped while another of its changes waits', async () => {
    const { world, changes, accept, cancel, endings, stopped } = await withHiddenMessages();
    await accept(describing(2, 'acme'));
    await cancel();
    await accept(describing(3, 'sibling'));
    await world.invoke(changes.slice(2));
    expect(await endings()).toEqual(['cancelled', 'open', 'applied']);
    expect(await stopped()).toMatchObject({ tenants: ['acme'], tries: 1 });
  });
});
