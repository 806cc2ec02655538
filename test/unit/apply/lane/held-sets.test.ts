import { describe, expect, it } from 'vitest';
import { describing, sharedLane } from './shared-lane-world.ts';

describe('a change set of a lane that two tenants share', () => {
  const setOf = (index: number) => ({ changeSet: { id: 'S', index, size: 3, onReject: 'stop' } });

  /** The first member is about the group of a change of the other tenant, and will be rejected. */
  async function withSet() {
    const lane = sharedLane();
    await lane.accept(describing(1, 'acme'));
    await lane.accept({ ...describing(1, 'sibling'), ...{ expect: { enabled: true } }, ...setOf(1) });
    await lane.accept({ ...describing(2, 'sibling'), ...setOf(2) });
    await lane.accept(describing(3, 'sibling'));
    return lane;
  }

  it('waits as a whole while its first member is held back, and stops with it', async () => {
    const { world, codes, changes, endings } = await withSet();
    codes.set('acme', 'secret-missing');
    await world.invoke(changes);
    expect(await endings()).toEqual(['open', 'open', 'open', 'applied']);
    codes.clear();
    await world.settle(changes);
    expect(await endings()).toEqual(['applied', 'precondition-failed', 'not-attempted', 'applied']);
  });

  it('waits so too while the configuration pauses the other tenant', async () => {
    const { world, changes, endings } = await withSet();
    const { configuration } = world.ports;
    const { acme, sibling } = configuration.tenants;
    if (acme === undefined || sibling === undefined) throw new Error('both are configured');
    world.ports.configuration = { ...configuration, tenants: { acme: { ...acme, mode: 'paused' }, sibling } };
    await world.invoke(changes);
    expect(await endings()).toEqual(['open', 'open', 'open', 'applied']);
  });
});
