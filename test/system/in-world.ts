import { startWorld, type World } from '../../local/world.ts';
import type { WorldOptions } from '../../local/world-options.ts';

/** Fast enough for a test, slow enough for a busy machine: a ZPA call still has two seconds to be answered. */
const TIME_FACTOR = 10;

/** Runs `story` in a world of its own and closes it, whatever happens. ZPA's limits are out of the way unless told. */
export async function inWorld<T>(options: WorldOptions, story: (world: World) => Promise<T>): Promise<T> {
  const world = await startWorld({
    timeFactor: TIME_FACTOR,
    schedules: false,
    ...options,
    simulator: { limits: 'off', ...options.simulator },
  });
  try {
    return await story(world);
  } finally {
    await world.close();
  }
}

/** A change of the second customer, which has a lane of its own. */
export const OTHER_TENANT = 'globex-prod';

export function create(key: string, name: string, more: Record<string, unknown> = {}) {
  return {
    schemaVersion: 1,
    idempotencyKey: key,
    tenant: 'acme-prod',
    action: 'create',
    group: { name },
    ...more,
  };
}

export function update(key: string, group: Record<string, string>, more: Record<string, unknown>) {
  return { schemaVersion: 1, idempotencyKey: key, tenant: 'acme-prod', action: 'update', group, ...more };
}

/** The names of a customer's groups in ZPA, sorted. */
export async function groupNames(world: World, tenant = 'acme-prod'): Promise<string[]> {
  const snapshot = await world.snapshot();
  return snapshot.tenants.find((one) => one.name === tenant)?.groups.map((group) => group.name) ?? [];
}

/** Settles changes of `ops` and answers each outcome as `applied` or the rejection's code. */
export async function endings(world: World, keys: readonly string[], source = 'ops', tenant = 'acme-prod') {
  const records = await world.settled(world.refs(source, keys, tenant));
  return records.map(({ outcome }) => (outcome?.kind === 'rejected' ? outcome.code : outcome?.kind));
}
