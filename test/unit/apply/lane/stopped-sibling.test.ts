import { describe, expect, it } from 'vitest';
import { sendToLane } from '../../../../shared/ledger/send-to-lane.ts';
import { LANE } from '../lane-world.ts';
import { describing, sharedLane } from './shared-lane-world.ts';

describe('a tenant whose sign-in fails', () => {
  /** Its messages are hidden until the next probe. */
  async function withHiddenMessages() {
    const lane = sharedLane();
    const { world, codes, changes, accept, stopped } = lane;
    codes.set('acme', 'secret-missing');
    await accept(describing(1, 'acme'));
    await world.invoke(changes);
    expect((await world.ledger.readLane(LANE)).hiddenUntil).toBeGreaterThan(world.clock.now());
    expect(await stopped()).toMatchObject({ tenants: ['acme'] });
    return lane;
  }

  it.each([
    ['sibling', ['sibling']],
    ['sibling', ['acme', 'sibling']],
  ])('keeps no new change of %s waiting behind its hidden messages: sent for %o', async (_, tenants) => {
    const { world, changes, accept } = await withHiddenMessages();
    for (const tenant of tenants) await accept(describing(2, tenant));
    await sendToLane(world.ports, LANE, changes.slice(1), 'accept');
    expect(world.queue.sent.map(({ apartAt }) => apartAt)).toEqual(tenants.map(() => world.clock.now()));
  });

  it('keeps its own new changes waiting for the next probe', async () => {
    const { world, changes, accept } = await withHiddenMessages();
    await accept(describing(2, 'acme'));
    await sendToLane(world.ports, LANE, changes.slice(1), 'accept');
    expect(world.queue.sent).toEqual([expect.not.objectContaining({ apartAt: expect.anything() })]);
  });
});
