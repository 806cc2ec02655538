import { describe, expect, it } from 'vitest';
import { cancelChange } from '../../../../shared/ledger/cancel-change.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { adding } from '../requests.ts';
import { laneOf } from './found-intent.ts';

const why = { by: 'desk', reason: 'no longer needed' };

/** The lane's first write: nobody knows yet who `modifiedBy` is when it is us. Somebody takes the application out again. */
async function undone(world: LaneWorld, cancelAtRead: number) {
  const change = await world.accept('T-1', adding('11'));
  const answers: string[] = [];
  let reads = 0;
  world.tenant.interfere = (method) => {
    if (method !== 'getGroup' || world.tenant.writes.length === 0) return undefined;
    reads += 1;
    if (reads === 1) world.tenant.edit(GROUP, { applicationIds: [] });
    if (reads === cancelAtRead)
      void cancelChange(world.ports, change.ref, why).then(({ kind }) => void answers.push(kind));
    return undefined;
  };
  await world.settle([change]);
  return { answers, outcome: await world.outcome() };
}

describe('a change that was written, undone by somebody and asked back', () => {
  it.each([1, 2, 3, 5, 8])('is not cancelled (asked back at read %i after the write)', async (read) => {
    const world = laneOf({});
    const { answers, outcome } = await undone(world, read);
    expect(answers).toEqual(['under-way']);
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'outcome-unknown' });
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('is not written again: without our own stamp the lane stops, as for a tenant that ignores deltas', async () => {
    const world = laneOf({});
    await expect(undone(world, Number.POSITIVE_INFINITY)).rejects.toThrow('not settled');
    expect(world.tenant.writes).toHaveLength(1);
    expect(await world.lane()).toMatchObject({ stopped: { code: 'membership-ignored' } });
  });
});
