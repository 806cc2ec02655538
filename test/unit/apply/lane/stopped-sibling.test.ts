import { describe, expect, it } from 'vitest';
import { cancelChange } from '../../../../shared/ledger/cancel-change.ts';
import { sendToLane } from '../../../../shared/ledger/send-to-lane.ts';
import { LANE } from '../lane-world.ts';
import { describing, sharedLane } from './shared-lane-world.ts';

const HOUR = 3_600_000;

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

  it.each([
    ['before', 0],
    ['after', HOUR],
  ])('is stopped no more once its last change is cancelled: the lane is worked %s the next probe', async (_, later) => {
    const { world, changes, accept, endings, stopped } = await withHiddenMessages();
    const [first] = changes;
    if (first === undefined) throw new Error('it was accepted');
    await cancelChange(world.ports, first.ref, { by: 'desk', reason: 'no' });
    await world.clock.advance(later);
    await accept(describing(2, 'sibling'));
    await world.settle(changes.slice(1));
    expect([await endings(), await stopped()]).toEqual([['cancelled', 'applied'], undefined]);
  });

  it('is still stopped while another of its changes waits', async () => {
    const { world, changes, accept, endings, stopped } = await withHiddenMessages();
    await accept(describing(2, 'acme'));
    const [first, second] = changes;
    if (first === undefined || second === undefined) throw new Error('both were accepted');
    await cancelChange(world.ports, first.ref, { by: 'desk', reason: 'no' });
    await accept(describing(3, 'sibling'));
    await world.invoke(changes.slice(2));
    expect(await endings()).toEqual(['cancelled', 'open', 'applied']);
    expect(await stopped()).toMatchObject({ tenants: ['acme'], tries: 1 });
  });
});
