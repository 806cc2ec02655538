import { reconcileSources } from '../../../functions/reconcile/reconcile-sources.ts';
import { sweepLanes } from '../../../functions/sweep/sweep-lanes.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { pushSettings } from '../../../shared/settings/push-settings.ts';
import { withSettings } from '../../../shared/settings/with-settings.ts';
import { createMemoryFailureQueue, createMemoryTopic } from '../../fakes/memory-queues.ts';
import { createMemorySettings } from '../../fakes/memory-settings.ts';
import { accessTo } from '../../fakes/memory-tickets.ts';
import { createReconcileWorld, NEVER } from '../reconcile/reconcile-world.ts';

export type PushedSettings = { tenants: object; sources: object };

/** Functions on one store of settings, each of which looks for newer ones as the deployed ones do. */
export async function createPushedWorld(first: PushedSettings) {
  const world = createReconcileWorld();
  const { ports, snow } = world;
  const { clock, log } = ports;
  const store = createMemorySettings();
  const meter = { ...ports.meter, flush: () => {} };
  const functionOf = (handle: (configuration: Configuration) => Promise<unknown>) =>
    withSettings({
      ...{ store, clock, log, meter, stack: { STACK_NAME: 'test' } },
      compose: (configuration) => ({ handle: () => handle(configuration) }),
    });
  /** Another container of the function that takes tickets. */
  const createTake = () =>
    functionOf((configuration) => {
      const tickets = accessTo(Object.fromEntries(Object.keys(configuration.sources).map((name) => [name, snow])));
      return reconcileSources({ ...ports, configuration, tickets }, NEVER);
    });
  const outbox = { failures: createMemoryFailureQueue(), outcomes: createMemoryTopic() };
  const sweep = functionOf((configuration) => sweepLanes({ ...ports, ...outbox, configuration }, NEVER));
  const push = async (settings: PushedSettings) => {
    const { version = 0 } = (await store.readNewest()) ?? {};
    const how = { after: version, pushedBy: 'ops', now: clock.now() };
    return pushSettings(store, { text: JSON.stringify(settings), ...how });
  };
  await push(first);
  return { ...world, push, sweep, createTake, take: createTake() };
}
