import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RuleReadings } from '../../../../shared/reading/read-rules.ts';
import { aRule } from '../../../fakes/rules.ts';
import { createLaneWorld, GROUP, messageIdOf } from '../lane-world.ts';

/** Changes end alike whether policy rules are read for all that may alter access, or only for those that do. */

const GROUPS = [GROUP, '901', '902'];
const NAMES = ['Warehouse', 'Crown jewels', 'Depot'];
const APPLICATIONS = ['11', '12', '13', '14'];

const group = fc
  .nat(2)
  .chain((index) => fc.constantFrom<object>({ id: GROUPS[index] ?? '' }, { name: NAMES[index] ?? '' }));
const newGroup = fc.constantFrom({ name: 'New' }, { name: 'Depot' });
const someApplications = fc.uniqueArray(fc.constantFrom(...APPLICATIONS), { maxLength: 3 });
const refs = (ids: readonly string[]) => ids.map((id) => ({ id }));
const few = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const membership = fc.oneof(
  fc.record({ add: someApplications.map(refs), remove: someApplications.map(refs) }),
  fc.record({ replace: someApplications.map(refs) }),
);
const update = fc.record({
  action: fc.constant('update'),
  group,
  set: few(fc.record({ enabled: few(fc.boolean()), name: few(fc.constantFrom(...NAMES, 'Yard')) })),
  applications: few(membership),
  takeFromOtherGroups: fc.boolean(),
  leaveUngrouped: fc.boolean(),
  expect: few(fc.record({ enabled: few(fc.boolean()) })),
});
const create = fc.record({
  action: fc.constant('create'),
  group: newGroup,
  enabled: few(fc.boolean()),
  applications: someApplications.map(refs),
  ifExists: fc.constantFrom('reject', 'update'),
});
const remove = fc.record({ action: fc.constant('delete'), group, moveApplicationsTo: few(group) });

const scene = fc.record({
  changes: fc.array(fc.oneof({ weight: 4, arbitrary: update }, create, remove), { minLength: 1, maxLength: 4 }),
  homes: fc.array(few(fc.constantFrom(...GROUPS)), { minLength: 4, maxLength: 4 }),
  enabled: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  ruled: fc.constantFrom(...GROUPS),
  named: few(fc.constantFrom(...APPLICATIONS)),
  response: fc.constantFrom('refuse', 'second-approver'),
  guarded: fc.constantFrom('*', 'Crown *'),
  protection: few(fc.constantFrom('changes', 'removals', 'deletes')),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

async function endingsOf(of: Scene, isAlwaysRead: boolean) {
  const { protection } = of;
  const world = createLaneWorld({
    reach: 'always',
    guards: {
      rules: [{ rules: ['Sales'], groups: [of.guarded], response: of.response }],
      protectedGroups: protection === undefined ? [] : [{ groups: ['Depot'], refuse: [protection] }],
    },
  });
  world.addApplications(...APPLICATIONS);
  for (const [index, id] of GROUPS.entries()) {
    const applicationIds = APPLICATIONS.filter((_, at) => of.homes[at] === id);
    world.addGroup({ id, name: NAMES[index] ?? '', enabled: of.enabled[index] ?? true, applicationIds });
  }
  const applicationIds = of.named === undefined ? [] : [of.named];
  world.tenant.policyRules.push(aRule({ groupIds: [of.ruled], applicationIds }, { ruleName: 'Sales' }));
  const { ruleReadings } = world.ports;
  const always: RuleReadings = {
    ...ruleReadings,
    read: (zpa, rulesOf, need, scope) => ruleReadings.read(zpa, rulesOf, need, scope),
  };
  const ports = isAlwaysRead ? { ...world.ports, ruleReadings: always } : world.ports;
  let records = await world.acceptAll(...of.changes.map((change) => withoutBlanks(change)));
  for (let round = 0; round < 60 && records.length > 0; round += 1) {
    const retried = await world.invoke(records, ports);
    records = records.filter((record) => retried.includes(messageIdOf(record)));
    await world.clock.advance(60_000);
  }
  const outcomes = await Promise.all(of.changes.map((_, index) => world.outcome(`T-${index + 1}`)));
  return {
    endings: outcomes.map((one) => {
      if (one === undefined) return 'open';
      if (one.kind === 'rejected') return `${one.code} ${one.sentence}`;
      if (one.kind !== 'applied') return one.kind;
      const { reach } = one;
      return reach.status === 'checked' ? [one.kind, reach.ruleCount, reach.rules] : [one.kind, reach.reason];
    }),
    // Reading rules takes time of the budget, so the groups may be written at other instants.
    groups: [...world.tenant.groups.values()].map(({ modifiedTime: _m, creationTime: _c, ...one }) => one),
  };
}

const withoutBlanks = (change: object): Record<string, unknown> => JSON.parse(JSON.stringify(change));

it('end alike, with the same reach and the same groups', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async (of) => {
      expect(await endingsOf(of, false)).toEqual(await endingsOf(of, true));
    }),
    { numRuns: 300 },
  );
});
