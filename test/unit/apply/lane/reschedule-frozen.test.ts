import { describe, expect, it } from 'vitest';
import { rescheduleFrozen } from '../../../../functions/apply/lane/reschedule-frozen.ts';
import { sweepLanes } from '../../../../functions/sweep/sweep-lanes.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { interrupted } from '../../../fakes/interrupted.ts';
import { aRejected } from '../../../fakes/records.ts';
import { spoil } from '../../../fakes/unreadable.ts';
import { dyingAt } from '../dying-worker.ts';
import { succeed } from '../intent/found-intent.ts';
import { configure, wrapZpa } from '../interfere.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';
import { iso, MINUTE, OTHER, update, upTo } from '../requests.ts';

const describing = (description: string, id = GROUP) => update(id, { set: { description } });

/** A freeze between these times from now; a write of the other group takes a quarter of a minute. */
function frozenWorld(fromMs: number, untilMs: number): LaneWorld {
  const world = createLaneWorld();
  world.addGroup();
  world.addGroup({ id: OTHER, name: 'Other' });
  const now = world.clock.now();
  configure(world, { freezes: [{ from: iso(now + fromMs), until: iso(now + untilMs) }] });
  wrapZpa(world, (zpa) => ({
    async write(write, before, options) {
      const answer = await zpa.write(write, before, options);
      if (write.kind === 'update' && write.groupId === OTHER) await world.clock.advance(MINUTE / 4);
      return answer;
    },
  }));
  return world;
}

/** Later workers and the sweeper finish what the dead one left; answers what was written to the group, in order. */
async function finish(world: LaneWorld, changes: readonly ChangeRecord[]): Promise<unknown[]> {
  await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
  let open = changes;
  for (let round = 0; open.length > 0 && round < 5; round += 1) {
    await world.settle(open);
    await sweepLanes(world.ports, new AbortController().signal);
    const records = await Promise.all(open.map(({ ref }) => world.read(ref.idempotencyKey)));
    open = records.filter(({ state }) => state !== 'settled');
    await world.clock.advance(MINUTE);
  }
  return world.tenant.writes.flatMap((write) =>
    write.kind === 'update' && write.groupId === GROUP ? [write.fields.description] : [],
  );
}

describe('changes of one group keep their order', () => {
  it.each([
    ['wherever the worker dies in a freeze that ends before its successor comes', -MINUTE, 10_000, []],
    [
      'wherever the worker dies as a freeze begins that ends before its successor comes',
      10_000,
      40_000,
      [describing('other', OTHER)],
    ],
  ])('%s', async (_, fromMs, untilMs, ahead) => {
    const start = async () => {
      const world = frozenWorld(fromMs, untilMs);
      return { world, changes: await world.acceptAll(...ahead, describing('one'), describing('two')) };
    };
    const whole = await start();
    const rehearsal = dyingAt(whole.world, Number.POSITIVE_INFINITY, 'before');
    await whole.world.invoke(whole.changes, rehearsal.ports);
    expect(await whole.world.read(`T-${ahead.length + 1}`)).toMatchObject({ state: 'scheduled' });
    for (let at = 1; at <= rehearsal.calls(); at += 1) {
      for (const phase of ['before', 'after'] as const) {
        const { world, changes } = await start();
        await world.invoke(changes, dyingAt(world, at, phase).ports).catch(() => []);
        expect({ at, phase, written: await finish(world, changes) }).toEqual({ at, phase, written: ['one', 'two'] });
      }
    }
  });

  it('also if more changes are open than it looks at together', async () => {
    const world = frozenWorld(-MINUTE, 10_000);
    const changes = await world.acceptAll(...upTo(201).map((n) => describing(`${n % 2}`)));
    let held = 0;
    const ledger: typeof world.ledger = {
      ...world.ledger,
      async writeChange(record, expected) {
        if (held === 200) throw new Error('dead');
        held += 1;
        return world.ledger.writeChange(record, expected);
      },
    };
    await world.invoke(changes.slice(0, 10), { ...world.ports, ledger });
    const left = await Promise.all(changes.map(({ ref }) => world.read(ref.idempotencyKey)));
    expect(left.filter(({ state }) => state !== 'scheduled').map(({ sequence }) => sequence)).toEqual([1]);
  });

  it('and what has not been held back when the freeze ends starts in its place', async () => {
    const world = frozenWorld(-MINUTE, 10_000);
    const changes = await world.acceptAll(describing('one'), describing('two'));
    const ledger: typeof world.ledger = {
      ...world.ledger,
      async writeChange(record, expected) {
        const written = await world.ledger.writeChange(record, expected);
        if (record.state === 'scheduled') await world.clock.advance(10_000);
        return written;
      },
    };
    await world.invoke(changes, { ...world.ports, ledger });
    expect(await world.endings('T-1')).toEqual(['applied']);
    expect(await finish(world, changes)).toEqual(['one', 'two']);
  });

  it('where a freeze ends by the sweeper’s clock and not yet by the worker’s', async () => {
    const world = frozenWorld(-MINUTE, 1000);
    const changes = await world.acceptAll(describing('one'), describing('two'));
    const { ledger } = world.ports;
    const ahead = { ...world.clock, now: () => world.clock.now() + 2000 };
    let held = 0;
    const raced = interrupted(ledger, 'ledger', async ({ method, phase }) => {
      if (method !== 'writeChange' || phase !== 'after') return;
      held += 1;
      if (held === 1) await sweepLanes({ ...world.ports, clock: ahead }, new AbortController().signal);
      // The worker has scheduled the first one too, when the freeze is over by its own clock.
      if (held === 2) await world.clock.advance(1500);
    });
    await world.invoke(changes, { ...world.ports, ledger: raced });
    expect(held).toBeGreaterThan(1);
    expect(await finish(world, changes)).toEqual(['one', 'two']);
  });
});

describe('of the open changes in a freeze', () => {
  const states = async (world: LaneWorld) => {
    const all = await Promise.all(upTo(world.ledger.allChanges().length).map((n) => world.read(`T-${n}`)));
    return all.map(({ state }) => state);
  };
  async function reschedule(world: LaneWorld, changes: readonly ChangeRecord[], over = new AbortController()) {
    const { session } = await succeed(world);
    return rescheduleFrozen(
      { ports: world.ports, session, invocation: { remainingMs: () => MINUTE, signal: over.signal } },
      changes,
    );
  }

  it('those that are neither settled nor waiting are held, and said to be', async () => {
    const world = frozenWorld(-MINUTE, MINUTE);
    const changes = await world.acceptAll(describing('one'), describing('two'), describing('three'));
    const become = async (key: string, over: Partial<ChangeRecord>) => {
      const record = await world.read(key);
      await world.ledger.writeChange({ ...record, ...over }, record.version);
    };
    await become('T-1', { state: 'settled', outcome: aRejected(), pending: ['sns'] });
    await become('T-3', { state: 'scheduled' });
    expect(await reschedule(world, changes.slice(1, 2))).toBe(true);
    expect(await states(world)).toEqual(['settled', 'scheduled', 'scheduled']);
    const held = world.log.lines.filter(({ message }) => message === 'change has to wait');
    expect(held.map(({ fields }) => fields.sequence)).toEqual([2]);
  });

  it('the first stay in the lane where the time is up', async () => {
    const world = frozenWorld(-MINUTE, MINUTE);
    const changes = await world.acceptAll(describing('one'), describing('two'));
    const over = new AbortController();
    const { writeChange } = world.ledger;
    world.ledger.writeChange = async (...args) => {
      over.abort();
      return writeChange(...args);
    };
    await reschedule(world, changes, over);
    expect(await states(world)).toEqual(['queued', 'scheduled']);
  });

  it('a page with one that cannot be read is not the last', async () => {
    const world = frozenWorld(-MINUTE, MINUTE);
    const changes = await world.acceptAll(...upTo(202).map((n) => describing(`${n}`)));
    const { readChange, openChanges } = world.ledger;
    spoil(world.ledger, 'T-200', { request: true });
    await reschedule(world, changes.slice(0, 1));
    Object.assign(world.ledger, { readChange, openChanges });
    expect((await states(world)).flatMap((state, at) => (state === 'scheduled' ? [] : [at + 1]))).toEqual([200]);
  });
});
