import { expect, it } from 'vitest';
import { PERMISSIONS, type Permission } from '../../shared/deployment/permissions.ts';
import { FUNCTIONS, type FunctionName } from '../../shared/deployment/resources.ts';
import { create, endings, inWorld, update } from './in-world.ts';

const NAMES = Object.keys(FUNCTIONS) as FunctionName[];
const NOTHING = Object.fromEntries(NAMES.map((name) => [name, [] as Permission[]])) as unknown as typeof PERMISSIONS;

it('a rejection that looks for the one it follows from ends with its dead letter, with what the worker is permitted', async () => {
  await inWorld({}, async (world) => {
    const changes = [create('K1', 'Intranet'), update('K2', { name: 'Nowhere' }, { set: { enabled: true } })];
    expect((await world.deliver('ops', { changes })).status).toBe(202);
    expect(await endings(world, ['K1', 'K2'])).toEqual(['group-exists', 'group-not-found']);
    expect(world.failures().map(({ ref }) => ref?.idempotencyKey)).toEqual(['K1', 'K2']);
  });
});

it('what is taken from a function is refused to it, and to no other', async () => {
  const apply = PERMISSIONS.apply.map((one) => ({
    ...one,
    on: one.on.filter((resource) => resource !== 'failedIndex'),
  }));
  await inWorld({ permissions: { ...PERMISSIONS, apply } }, async (world) => {
    await world.deliver('ops', update('K1', { name: 'Nowhere' }, { set: { enabled: true } }));
    const denial = await world.until(async () => world.endpoint.denials[0]);
    expect(denial).toEqual({
      function: 'apply',
      action: 'dynamodb:Query',
      resource: expect.stringMatching(/:table\/zpa-changes-ledger\/index\/failed$/),
    });
    expect(world.endpoint.denials.filter((one) => one.function !== 'apply')).toEqual([]);
    expect((await world.changes()).map(({ state }) => state)).not.toContain('settled');
  });
});

it('every function signs with its own name: without permissions each is refused', async () => {
  await inWorld({ permissions: NOTHING, ticketSystems: true }, async (world) => {
    const calls = [
      world.deliver('ops', create('K1', 'Depot')),
      fetch(`${world.url}/changes/${'a'.repeat(43)}`),
      fetch(`${world.url}/catalog?source=servicenow`, { headers: { authorization: 'Bearer no' } }),
      world.runSweep(),
      world.runReconcile(),
      world.runDrift(),
    ];
    await Promise.allSettled(calls);
    const refused = () => new Set(world.endpoint.denials.map((one) => one.function));
    await world.until(async () => (refused().size === NAMES.length ? true : undefined));
  });
});
