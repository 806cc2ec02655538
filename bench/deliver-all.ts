import type { World } from '../local/world/world.ts';
import type { ChangeRef } from '../shared/domain/lane/change-ref.ts';

const SOURCE = 'ops';
const DELIVERY = 100;
const TRIES = 5;

/** A change as a ticket system sends it. */
export type Delivered = Record<string, unknown> & { idempotencyKey: string };

/** In deliveries of a hundred, one after the other; answers how to wait for them. */
export async function deliverAll(world: World, changes: readonly Delivered[]): Promise<ChangeRef[]> {
  for (let start = 0; start < changes.length; start += DELIVERY) {
    await deliverPatiently(world, changes.slice(start, start + DELIVERY));
  }
  return world.refs(
    SOURCE,
    changes.map((change) => change.idempotencyKey),
  );
}

/** As webhooks are sent: again after a 5xx, which a machine with too much to do may answer. */
async function deliverPatiently(world: World, changes: readonly Delivered[]): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { status } = await world.deliver(SOURCE, { changes });
    if (status === 202) return;
    if (status < 500 || tries === TRIES) throw new Error(`a delivery was answered ${status}`);
  }
}
