import { expect, it } from 'vitest';
import { aRejected } from '../../../fakes/records.ts';
import { groupIn, laneOf, leave, updating, watch, wroteAs } from './found-intent.ts';

it('an intent whose change was settled and redriven before it was let go says nothing of the new generation', async () => {
  const world = laneOf({ name: 'Warehouse' });
  const { finish, lane } = await leave(world, {
    writes: [updating(groupIn(world), { fields: { name: 'Depot' } })],
    members: [{ record: { generation: 2, state: 'queued', history: [aRejected({ generation: 1 })] } }],
    intent: { unanswered: 'timeout' },
  });
  const calls = watch(world);
  world.tenant.edit(groupIn(world).id, { description: 'by hand' });
  await finish();
  expect(lane().intent).toBeUndefined();
  expect(calls).toEqual([]);
  expect(await world.read('T-1')).toMatchObject({ generation: 2, state: 'queued' });
  expect(await world.read('T-1')).not.toHaveProperty('outcome');
});

it('nor does its new place count as settled: whatever stands before it keeps its turn', async () => {
  const world = laneOf({ name: 'Warehouse' });
  const { finish, lane, outcome } = await leave(world, {
    writes: [updating(groupIn(world), { addedApps: ['11'] })],
    members: [{ record: { generation: 2, state: 'queued', sequence: 9, history: [aRejected({ generation: 1 })] } }, {}],
    intent: { cursor: 1, sendBefore: 0 },
  });
  wroteAs(world, groupIn(world).id, { applicationIds: ['11'] });
  await finish();
  expect(await outcome('T-2')).toMatchObject({ kind: 'applied' });
  expect(await world.read('T-1')).toMatchObject({ generation: 2, state: 'queued', sequence: 9 });
  expect(lane().through).toBe(2);
});
