import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { redriveChange } from '../../../shared/ledger/redrive-change.ts';
import { createLaneWorld, type LaneWorld } from './lane-world.ts';

/**
 * A tenant's microtenants are edited while changes are open: a change is carried out in the microtenant that it was
 * accepted for, or not at all.
 */

type Microtenants = Record<string, string>;

const fresh = (microtenant?: string) => ({
  action: 'create',
  group: { name: 'Fresh' },
  ...(microtenant !== undefined && { microtenant }),
});
const notPermitted = { kind: 'rejected', code: 'not-permitted', remedy: expect.stringContaining('new approval') };

function edit(world: LaneWorld, microtenants: Microtenants) {
  const before = world.ports.configuration;
  const { acme } = before.tenants;
  world.ports.configuration = configurationSchema.parse({ ...before, tenants: { acme: { ...acme, microtenants } } });
}

/** A record of an earlier version, which did not store the microtenant. */
async function ofEarlierVersion(world: LaneWorld, { microtenantId: _, ...record }: ChangeRecord) {
  await world.ledger.writeChange(record, record.version);
  return world.read(record.ref.idempotencyKey);
}

async function outcomeOf(world: LaneWorld, change: ChangeRecord) {
  expect(await world.invoke([change])).toEqual([]);
  return (await world.read(change.ref.idempotencyKey)).outcome;
}

const EDITS: [Microtenants, string | undefined, Microtenants][] = [
  [{ a: '111' }, 'a', { a: '222' }],
  [{ a: '111' }, 'a', {}],
  [{ a: '111' }, undefined, {}],
  [{ a: '111' }, undefined, { b: '222' }],
  [{}, undefined, { a: '111' }],
  [{}, undefined, { a: '111', b: '222' }],
  [{ a: '111' }, undefined, { a: '111', b: '222' }],
];

describe('a change that the configuration would lead to another microtenant by now', () => {
  it.each(EDITS)('is rejected, and ZPA is not asked: %j, named %s, then %j', async (before, named, after) => {
    const world = createLaneWorld({ microtenants: before });
    const change = await world.accept('T-1', fresh(named));
    edit(world, after);
    expect(await outcomeOf(world, change)).toMatchObject(notPermitted);
    expect(world.tenant.calls).toEqual([]);
  });

  it('says which microtenant it was accepted for, and where it would go', async () => {
    const world = createLaneWorld({ microtenants: { a: '111' } });
    const change = await world.accept('T-1', fresh('a'));
    edit(world, { a: '222' });
    expect(await outcomeOf(world, change)).toMatchObject({
      sentence: expect.stringMatching(/111.*222/),
      remedy: expect.stringContaining('111'),
    });
  });

  it('is not redriven before its microtenant is back, by whatever way, and then it is', async () => {
    const world = createLaneWorld({ microtenants: { a: '111' } });
    const change = await world.accept('T-1', fresh());
    edit(world, {});
    await world.settle([change]);
    const refused = { kind: 'refused', refusal: { code: 'not-permitted', sentence: expect.stringContaining('111') } };
    expect(await redriveChange(world.ports, change.ref, 1)).toMatchObject(refused);
    await world.moveBack(change);
    expect(await world.read('T-1')).toMatchObject({ generation: 1, state: 'settled' });
    edit(world, { a: '111' });
    await world.moveBack(change);
    const reopened = await world.read('T-1');
    expect(reopened).toMatchObject({ generation: 2, state: 'queued', microtenantId: '111' });
    expect(await outcomeOf(world, reopened)).toMatchObject({ kind: 'applied', approved: { microtenantId: '111' } });
  });

  it('leaves alone the changes of a step that stay where they were', async () => {
    const world = createLaneWorld({ microtenants: { a: '111' } });
    world.addGroup({ id: '1', microtenantId: '111' });
    world.addApplications('11', '12');
    const add = (id: string) => ({ action: 'update', group: { id: '1' }, applications: { add: [{ id }] } });
    const stays = await world.accept('T-1', add('11'));
    const moved = await world.accept('T-2', add('12'));
    await world.ledger.writeChange({ ...moved, microtenantId: '222' }, moved.version);
    expect(await world.invoke([stays, moved])).toEqual([]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'applied' });
    expect((await world.read('T-2')).outcome).toMatchObject(notPermitted);
  });
});

describe('a change that stays in its microtenant', () => {
  it('is carried out there, also where the microtenant has another name now', async () => {
    const world = createLaneWorld({ microtenants: { a: '111' } });
    const change = await world.accept('T-1', fresh());
    edit(world, { b: '111' });
    expect(await outcomeOf(world, change)).toMatchObject({ kind: 'applied', approved: { microtenantId: '111' } });
  });
});

describe('a change that an earlier version accepted', () => {
  it('is carried out where the configuration leads it now', async () => {
    const world = createLaneWorld({ microtenants: { a: '111' } });
    const change = await ofEarlierVersion(world, await world.accept('T-1', fresh()));
    expect(await outcomeOf(world, change)).toMatchObject({ kind: 'applied', approved: { microtenantId: '111' } });
  });

  it('is refused where it names none of several', async () => {
    const world = createLaneWorld({ microtenants: { a: '111' } });
    const change = await ofEarlierVersion(world, await world.accept('T-1', fresh()));
    edit(world, { a: '111', b: '222' });
    expect(await outcomeOf(world, change)).toMatchObject({
      ...notPermitted,
      sentence: expect.stringContaining('several'),
    });
    expect(await redriveChange(world.ports, change.ref, 1)).toMatchObject({ kind: 'refused' });
    expect(world.tenant.calls).toEqual([]);
  });
});
