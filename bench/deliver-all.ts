import type { World } from '../local/world.ts';
import type { ChangeRef } from '../shared/domain/lane.ts';

const SOURCE = 'ops';
const DELIVERY = 100;

/** A change as a ticket system sends it. */
export type Delivered = Record<string, unknown> & { idempotencyKey: string };

/** In deliveries of a hundred, one after the other; answers how to wait for them. */
export async function deliverAll(world: World, changes: readonly Delivered[]): Promise<ChangeRef[]> {
  for (let start = 0; start < changes.length; start += DELIVERY) {
    const answer = await world.deliver(SOURCE, { changes: changes.slice(start, start + DELIVERY) });
    if (answer.status !== 202) throw new Error(`a delivery was answered ${answer.status}`);
  }
  return world.refs(
    SOURCE,
    changes.map((change) => change.idempotencyKey),
  );
}
