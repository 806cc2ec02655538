import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { createLaneWorld, GROUP } from '../lane-world.ts';

/** Names in `expect` must be granted like those that the change writes: its answer would tell names and memberships. */
async function outcomeOf(change: Record<string, unknown>, applications = ['Git*']) {
  const world = createLaneWorld();
  world.addGroup({ name: 'Git one', applicationIds: ['21', '22'] });
  world.addApplications('23');
  for (const [id, name] of Object.entries({ 21: 'Salaries', 22: 'Git server', 24: 'Payroll' }))
    world.tenant.applications.set(id, { id, name });
  const grant = { tenants: ['acme'], actions: ['update', 'delete'], groups: ['Git*'], applications };
  const { name, tenants } = world.ports.configuration;
  const sources = { desk: { system: 'Desk', grants: [grant] } };
  const ports = { ...world.ports, configuration: configurationSchema.parse({ name, tenants, sources }) };
  const record = await world.accept('T-1', { action: 'update', group: { id: GROUP }, ...change });
  await world.invoke([record], ports);
  return (await world.read('T-1')).outcome as { kind: string; code?: string };
}

const expecting = (members: Record<string, unknown>) => ({ set: { enabled: true }, expect: { members } });
const NOT_PERMITTED = { kind: 'rejected', code: 'not-permitted' };

describe('an application that no grant covers', () => {
  it.each([
    ['is a member', { name: 'Salaries' }],
    ['is no member', { name: 'Payroll' }],
    ['is a member, by its id', { id: '21' }],
    ['is no member, by its id', { id: '24' }],
    ['does not exist', { name: 'Nonesuch' }],
  ])('is not told of in an expectation where it %s', async (_, reference) => {
    const outcomes = [
      await outcomeOf(expecting({ has: [reference] })),
      await outcomeOf(expecting({ hasNot: [reference] })),
      await outcomeOf({ action: 'delete', expect: { members: { has: [reference] } } }),
    ];
    expect(outcomes).toMatchObject([NOT_PERMITTED, NOT_PERMITTED, NOT_PERMITTED]);
  });

  it('is not looked up for a change that was accepted under a wider grant', async () => {
    const unknown = { name: 'Nonesuch' };
    expect(await outcomeOf({ applications: { add: [unknown] } })).toMatchObject(NOT_PERMITTED);
    expect(await outcomeOf({ group: unknown, set: { enabled: true } })).toMatchObject(NOT_PERMITTED);
  });
});

it('an expectation of what is granted is judged', async () => {
  expect(await outcomeOf(expecting({ has: [{ name: 'Git server' }] }))).toMatchObject({ kind: 'applied' });
  expect(await outcomeOf(expecting({ has: [{ id: '22' }], hasNot: [{ id: '23' }] }), ['*'])).toMatchObject({
    kind: 'applied',
  });
  expect(await outcomeOf(expecting({ hasNot: [{ id: '22' }] }))).toMatchObject({ code: 'precondition-failed' });
  expect(await outcomeOf(expecting({ has: [{ name: 'Git none' }] }))).toMatchObject({ code: 'application-not-found' });
});
