import { expect, it } from 'vitest';
import type { World } from '../../local/world/world.ts';
import { endings, inWorld, update } from './in-world.ts';

/** An accept on its whole way: a signed delivery, the worker, the desired state, the drift report. */

const accept = (key: string, id: string, state: unknown) => ({
  ...{ schemaVersion: 1, idempotencyKey: key, tenant: 'acme-prod', action: 'accept', group: { id }, state },
});

async function groupNamed(world: World, name: string) {
  const { tenants } = await world.snapshot();
  const group = tenants.find((one) => one.name === 'acme-prod')?.groups.find((one) => one.name === name);
  if (group === undefined) throw new Error(`there is no ${name}`);
  return group;
}

it('makes the live state the approved one, and ZPA is written by nobody', async () => {
  await inWorld({}, async (world) => {
    const { id } = await groupNamed(world, 'Field Service');
    const writes = () => world.simulator.log.all().filter(({ kind }) => kind === 'write').length;
    const state = { description: 'Empty, but a rule names it', applications: { exactly: [] } };
    const sent = await world.deliver('servicenow', { changes: [accept('A-1', id, state)] });
    expect(sent.status).toBe(202);
    expect(await endings(world, ['A-1'], 'servicenow')).toEqual(['unchanged']);
    expect(writes()).toBe(0);
    const [record] = await world.awaitSettled(world.refs('servicenow', ['A-1']));
    expect(await world.ledger.readDesired(record?.ref.lane ?? '', id)).toMatchObject({
      description: { value: state.description, key: 'A-1' },
      complete: record?.sequence,
      members: {},
    });

    const changed = update('U-1', { id }, { set: { description: 'other' } });
    await world.deliver('ops', { changes: [changed, accept('A-2', id, state)] });
    expect(await endings(world, ['U-1', 'A-2'])).toEqual(['applied', 'precondition-failed']);
    expect(writes()).toBe(1);

    const refused = await world.deliver('jira', { changes: [accept('A-3', id, 'absent')] });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([403, expect.stringContaining('ask for an accept')]);
  });
});
