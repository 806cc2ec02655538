import { expect } from 'vitest';
import type { WorldOptions } from '../../local/world/functions/world-options.ts';
import { startWorld, type World } from '../../local/world/world.ts';

/** Fast enough for a test, slow enough for a busy machine: a ZPA call still has two seconds to be answered. */
const TIME_FACTOR = 10;

/**
 * Runs `story` in a world of its own and closes it in any case. By default ZPA's limits do not bind. No
 * function may have requested more of AWS than it is permitted, even where it recovered from the refusal.
 */
export async function inWorld<T>(options: WorldOptions, story: (world: World) => Promise<T>): Promise<T> {
  const world = await startWorld({
    timeFactor: TIME_FACTOR,
    schedules: false,
    ...options,
    simulator: { limits: 'off', ...options.simulator },
  });
  const over = new AbortController();
  try {
    if (options.permissions !== undefined) return await story(world);
    const told = await Promise.race([story(world), refusal(world, over.signal)]);
    expect(world.endpoint.denials).toEqual([]);
    return told;
  } finally {
    over.abort();
    await world.close();
  }
}

/** Rejects when a function is refused something by AWS: a lane that stalls on it would only be late. */
async function refusal(world: World, over: AbortSignal): Promise<never> {
  const denial = await world.until(async () => world.endpoint.denials[0], over);
  throw new Error(
    `${denial.function} may not ${denial.action} on ${denial.resource} (shared/deployment/permissions.ts)`,
  );
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
  const records = await world.awaitSettled(world.refs(source, keys, tenant));
  return records.map(({ outcome }) => (outcome?.kind === 'rejected' ? outcome.code : outcome?.kind));
}
