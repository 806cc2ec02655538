import { describe, expect, it } from 'vitest';
import type { ApplyPorts } from '../../../functions/apply/lane/ports.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { aFault } from '../../fakes/memory-zpa.ts';
import { COLLEAGUE, groupIn, leave, moveOf, OURS, updating, wroteAs } from './intent/found-intent.ts';
import { createLaneWorld, GROUP, type LaneWorld } from './lane-world.ts';
import { emptying, LONG_AGO, OTHER, THIRD } from './requests.ts';

const BERLIN = '5';
/** Calls that are not scoped to a microtenant. */
const UNSCOPED = new Set(['acme write', 'acme probe', 'acme listRules']);

function berlin(): LaneWorld {
  const world = createLaneWorld({ microtenants: { Berlin: BERLIN } });
  const stamps = { microtenantId: BERLIN, modifiedBy: COLLEAGUE, modifiedTime: LONG_AGO };
  world.addGroup({ ...stamps });
  world.addGroup({ id: OTHER, name: 'Annex', ...stamps });
  world.addGroup({ id: THIRD, name: 'Yard', ...stamps });
  world.addApplications('11', '12');
  return world;
}

/** Records the microtenant and the abort signal of each call to ZPA. */
function scopesOf(world: LaneWorld) {
  const seen: { method: string; scope: unknown }[] = [];
  const zpaFor: ApplyPorts['zpaFor'] = (tenant, limiter) =>
    new Proxy(world.tenant.client(limiter), {
      get(target, method, receiver) {
        const original: unknown = Reflect.get(target, method, receiver);
        if (typeof original !== 'function' || method === 'clientKey') return original;
        return (...args: unknown[]) => {
          seen.push({ method: `${tenant} ${String(method)}`, scope: args.at(-1) });
          return original.apply(target, args);
        };
      },
    });
  world.ports.zpaFor = zpaFor;
  return seen;
}

function expectScoped(seen: ReturnType<typeof scopesOf>, ...methods: string[]) {
  const scoped = seen.filter(({ method }) => !UNSCOPED.has(method));
  for (const { method, scope } of scoped) {
    expect([method, scope]).toEqual([method, expect.objectContaining({ microtenantId: BERLIN })]);
  }
  for (const { method, scope } of seen.filter((call) => call.method !== 'acme write')) {
    expect([method, scope]).toEqual([method, expect.objectContaining({ signal: expect.any(AbortSignal) })]);
  }
  expect([...new Set(scoped.map(({ method }) => method.replace('acme ', '')))].sort()).toEqual([...methods].sort());
}

describe('ZPA is asked of the microtenant of a change, and until the invocation ends,', () => {
  it('when it is decided, written, and read back', async () => {
    const world = berlin();
    const seen = scopesOf(world);
    const set = { description: 'south' };
    const described = (name: string) => ({ action: 'update', microtenant: 'Berlin', group: { name }, set });
    await world.play(...['Warehouse', 'Annex', 'Yard'].map(described));
    expectScoped(seen, 'getGroup', 'listGroups');
    seen.length = 0;
    await world.play({ ...described('Annex'), set: { name: 'Attic' } });
    expect(await world.endings()).toEqual(['applied', 'applied', 'applied', 'applied']);
    expectScoped(seen, 'getGroup', 'findGroups');
  });

  it('when a create without an answer is judged', async () => {
    const world = berlin();
    const content = { name: 'Hall', description: '', enabled: true, configSpace: 'DEFAULT', applicationIds: [] };
    const writes = [{ write: { kind: 'create' as const, microtenantId: BERLIN, ...content }, before: null }];
    const { finish } = await leave(world, { writes });
    const seen = scopesOf(world);
    await finish();
    expectScoped(seen, 'findGroups', 'listGroups');
    const creationTime = Math.floor(world.clock.now() / 1000) - 80;
    const found = await leave(berlin(), { writes });
    found.world.addGroup({ id: '800', ...content, microtenantId: BERLIN, creationTime, modifiedBy: OURS });
    const again = scopesOf(found.world);
    await found.finish();
    expectScoped(again, 'findGroups', 'getGroup');
  });

  it('when the rest of a move goes on, and its applications are looked for', async () => {
    const world = berlin();
    const deletion = { kind: 'delete', groupId: OTHER, microtenantId: BERLIN } as const;
    const { ends } = await leave(world, {
      writes: [...moveOf(world, ['11']), { write: deletion, before: groupIn(world, OTHER) }],
      members: [{ request: { ...emptying(GROUP), microtenant: 'Berlin' } }],
      intent: { cursor: 1, unanswered: 'timeout' },
    });
    world.tenant.edit(GROUP, { description: 'by hand' });
    const seen = scopesOf(world);
    expect((await ends())?.kind).toBe('applied');
    expectScoped(seen, 'getApplication', 'getGroup', 'listMicrotenants');
  });

  it('when a refusal may only show that v2 is not honoured', async () => {
    const world = berlin();
    world.addGroup({ ...groupIn(world, OTHER), applicationIds: ['11'] });
    const { finish } = await leave(world, { writes: moveOf(world, ['11']), intent: { cursor: 1 } });
    world.tenant.interfere = (method) => (method === 'write' ? { fault: aFault() } : undefined);
    const seen = scopesOf(world);
    await finish();
    expectScoped(seen, 'getGroup');
  });

  it('when it is probed', async () => {
    const world = berlin();
    const before = groupIn(world);
    const { finish } = await leave(world, {
      writes: [updating(before, { fields: { name: 'Depot' } })],
      intent: { cursor: 1, sendBefore: 0, lookedAt: world.clock.now() - TIMING.quietPeriodMs },
    });
    const seen = scopesOf(world);
    expect(await finish()).toMatchObject({ reason: 'without-effect' });
    expectScoped(seen, 'getGroup');
    expect(seen.map(({ method }) => method)).toContain('acme probe');
  });

  it('when several writes are looked at together, each microtenant by itself', async () => {
    const world = berlin();
    world.addGroup({ id: '900', name: 'Default', microtenantId: '0' });
    const scenes = [GROUP, OTHER, THIRD, '900'].map((id) => {
      const before = groupIn(world, id);
      wroteAs(world, id, { enabled: true });
      const writes = [updating(before, { fields: { enabled: true } })];
      return { writes, awaitingReadBack: true, intent: { cursor: 1, sendBefore: 0, answeredAt: world.clock.now() } };
    });
    const { readBack, lane } = await leave(world, ...scenes);
    const seen = scopesOf(world);
    await readBack();
    expect(lane()).not.toHaveProperty('answered');
    const asked = seen.map(({ method, scope }) => [method, (scope as { microtenantId: string }).microtenantId]);
    expect(asked).toEqual([
      ['acme listGroups', BERLIN],
      ['acme getGroup', '0'],
    ]);
  });
});
