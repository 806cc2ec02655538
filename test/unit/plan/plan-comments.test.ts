import { describe, expect, it } from 'vitest';
import { aRule } from '../../fakes/rules.ts';
import { aGroup } from '../domain/sample-live.ts';
import { createPlanWorld } from './plan-world.ts';

type World = ReturnType<typeof createPlanWorld>;

const ids = (from: number, count: number) => Array.from({ length: count }, (_, index) => String(from + index));

/** Asks for a plan of these changes and answers the lines of a comment, without what each comment ends with. */
async function planned(world: World, changes: object[], comment = -1): Promise<string[]> {
  world.put(...changes);
  await world.ask();
  const [headline = '', second, ...lines] = (world.spoken.at(comment)?.text ?? '').split('\n');
  expect(second).toBe('This is a plan, made before approval: nothing has been changed.');
  return [headline, ...lines.filter((one) => !one.startsWith('Approving') && !/^Plan [0-9a-f]{12}$/.test(one))];
}

const withApplications = (world: World, all: readonly string[]) => {
  for (const id of all) world.zpa.applications.set(id, { id, name: `app-${id}` });
};

const MORE = 'The rest is being read: the policy rules take minutes. Another comment says what becomes of it.';
const NO_RULE = 'Policy rules: No policy rule gains or loses an application segment.';
const asOf = (time: string) => `${NO_RULE.slice(0, -1)} (rules as of ${time} UTC).`;

describe('the comment of a plan', () => {
  it('names twenty applications that join, and counts the rest', async () => {
    const world = createPlanWorld();
    const many = ids(31, 22);
    withApplications(world, many);
    const change = { group: { name: 'Printers' }, applications: { add: many.map((id) => ({ id })) } };
    expect(await planned(world, [change])).toEqual([
      'Plan of 1 change: 1 would be carried out',
      'Update segment group "Printers" (12) in prod',
      'Application segments: 0 → 22',
      ...many.slice(0, 20).map((id) => `- "app-${id}" (${id}) joins`),
      '- and 2 more join',
      asOf('08:00:10'),
    ]);
  });

  it('names twenty applications that leave, and says that they may stay without a group', async () => {
    const world = createPlanWorld();
    const many = ids(31, 21);
    withApplications(world, many);
    world.zpa.groups.set('13', aGroup('13', { name: 'Full', applicationIds: many }));
    const change = { group: { name: 'Full' }, applications: { replace: [] }, leaveUngrouped: true };
    expect(await planned(world, [{ ...change, notBefore: '2026-12-02T10:00:00Z' }])).toEqual([
      'Plan of 1 change: 1 would be carried out',
      'Update segment group "Full" (13) in prod',
      'Application segments: 21 → 0',
      ...many.slice(0, 20).map((id) => `- ${id} leaves`),
      '- and 1 more leave',
      asOf('08:00:00'),
      'To be carried out not before 2026-12-02T10:00:00Z.',
      'Application segments that leave may stay without a group.',
    ]);
  });

  it('says of exactly twenty no rest, and nothing of groups where none leaves', async () => {
    const world = createPlanWorld();
    const many = ids(31, 20);
    withApplications(world, many);
    const change = { group: { name: 'Printers' }, applications: { add: many.map((id) => ({ id })) } };
    const lines = await planned(world, [{ ...change, leaveUngrouped: true }]);
    expect(lines.filter((one) => one.startsWith('-'))).toHaveLength(20);
    expect(lines.at(-1)).toBe(asOf('08:00:10'));
  });

  it('says where applications move, and when', async () => {
    const window = { notBefore: '2026-12-02T10:00:00Z', notAfter: '2026-12-09T10:00:00Z' };
    const move = { applications: { remove: [{ name: 'app-21' }] }, moveTo: { name: 'Printers' } };
    const world = createPlanWorld();
    expect(await planned(world, [{ group: { name: 'Web' }, ...move, ...window }])).toEqual([
      'Plan of 1 change: 1 would be carried out',
      'Update segment group "Web" (11) in prod',
      'Application segments: 1 → 0',
      '- "app-21" (21) leaves',
      '- 1 application segment from "Web" to "Printers"',
      asOf('08:00:20'),
      'To be carried out not before 2026-12-02T10:00:00Z and not after 2026-12-09T10:00:00Z.',
    ]);
  });

  it.each([
    [20, []],
    [21, ['… and 1 more changes, counted above and not shown.']],
  ])('shows twenty of %d changes', async (count, rest) => {
    const changes = ids(1, count).map((one) => ({ group: { name: 'Web' }, set: { description: one } }));
    const lines = await planned(createPlanWorld(), changes);
    expect(lines[0]).toBe(`Plan of ${count} changes: ${count} would be carried out`);
    expect(lines.slice(-4)).toEqual(
      [
        '19. Update segment group "Web" (11) in prod',
        'Description: 18 → 19',
        NO_RULE,
        '20. Update segment group "Web" (11) in prod',
        'Description: 19 → 20',
        NO_RULE,
        ...rest,
      ].slice(-4),
    );
  });

  it('while it is made says what is known, and how many changes are still to be read', async () => {
    const world = createPlanWorld();
    for (const id of ['13', '14']) world.zpa.groups.set(id, aGroup(id, { name: `G${id}`, enabled: false }));
    const changes = ['Web', 'Printers', 'G13', 'G14'].map((name) => ({ group: { name }, set: { enabled: false } }));
    expect(await planned(world, changes, 0)).toEqual([
      'Plan of 4 changes: 2 would be carried out, 1 would change nothing',
      '1. Update segment group "Web" (11) in prod',
      'Enabled: yes → no',
      'Policy rules: still being read.',
      '2. Update segment group "Printers" (12) in prod',
      'Enabled: yes → no',
      NO_RULE,
      '3. Update segment group "G13" (13) in prod',
      'Nothing to do: the tenant is so already.',
      '1 of 4 changes are still to be read.',
      MORE,
    ]);
    expect(world.spoken[0]?.after).toBe(world.ports.timing.firstCommentMs);
    expect(world.spoken[1]?.text).toContain(asOf('08:00:30'));
  });

  it('that knows nothing in time says so, and then what could not be read', async () => {
    const world = createPlanWorld();
    const fault = { code: 'odd', class: 'unknown', scope: 'change', effect: 'none', reason: 'odd' } as const;
    world.zpa.interfere = (method) => (method === 'getGroup' ? { effect: 'before', fault } : undefined);
    const rename = { group: { name: 'Web' }, set: { name: 'Other' } };
    await planned(world, [rename, rename]);
    expect(world.spoken.map(({ text }) => text.split('\n'))).toEqual([
      [
        'Plan of 2 changes: 1 not known yet',
        'This is a plan, made before approval: nothing has been changed.',
        '1. Update segment group "Web" in prod',
        'This could not be read: Odd.',
        '1 of 2 changes are still to be read.',
        MORE,
      ],
      [
        'Plan of 2 changes: 2 not known yet',
        'This is a plan, made before approval: nothing has been changed.',
        '1. Update segment group "Web" in prod',
        'This could not be read: Odd.',
        '2. Update segment group "Web" in prod',
        'This could not be read: Odd.',
      ],
    ]);
    expect(world.plans.bindings.size).toBe(0);
  });

  it('says of a deletion whose name leads to two groups that it is ambiguous, before and after the rules are read', async () => {
    const world = createPlanWorld();
    world.zpa.groups.set('13', aGroup('13', { name: 'Printers' }));
    const changes = [
      { action: 'delete', group: { name: 'Printers' } },
      { action: 'delete', group: { name: 'Web' } },
    ];
    expect(await planned(world, changes, 0)).toEqual([
      'Plan of 2 changes: 2 not known yet',
      '1. Delete segment group "Printers" in prod',
      'Several segment groups have this name. What becomes of it depends on the policy rules.',
      '2. Delete segment group "Web" (11) in prod',
      'The segment group is there. What becomes of it depends on the policy rules.',
      MORE,
    ]);
    expect(world.spoken[1]?.text).toContain(
      '1. Delete segment group "Printers" in prod\nWould be rejected, group-name-ambiguous (field group)',
    );
  });

  it('names twenty faults of a ticket that cannot be read, and counts the rest', async () => {
    const world = createPlanWorld();
    world.put(...ids(1, 22).map((one) => ({ group: { name: 'Web' }, [`colour${one}`]: 1 })));
    await world.ask();
    const lines = (world.spoken[0]?.text ?? '').split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'Plan: this ticket would be refused',
      'It cannot be read as changes of segment groups. Nothing has been changed.',
    ]);
    expect(lines[2]).toMatch(
      /^- .*changes\[0\]\.colour1.* is not a field of the contract\. Leave it out, or use one of: /,
    );
    expect(lines[21]).toContain('colour20');
    expect(lines.slice(22)).toEqual(['- and 2 more']);
  });

  it('shows eight of ten rules', async () => {
    const world = createPlanWorld();
    for (const id of ids(1, 10)) {
      world.zpa.policyRules.push(aRule({ groupIds: ['11'] }, { ruleId: id, ruleName: `R${id}`, ruleOrder: id }));
    }
    const lines = await planned(world, [{ group: { name: 'Web' }, applications: { add: [{ name: 'app-22' }] } }]);
    const opens = (id: string) =>
      `- "R${id}" (ACCESS_POLICY, order ${id}, ALLOW) gains 1 application segment (app-22), which opens access.`;
    expect(lines.slice(-9)).toEqual([...ids(1, 8).map(opens), '- And 2 more.']);
  });

  it('names the microtenant, the group of an id, and when a change that would be rejected was to be carried out', async () => {
    const world = createPlanWorld({ tenant: { microtenants: { emea: '777', main: '0' } } });
    world.zpa.groups.set('13', aGroup('13', { name: 'Emea', enabled: true, microtenantId: '777' }));
    const changes = [
      { microtenant: 'emea', group: { name: 'Emea' }, set: { enabled: true } },
      { microtenant: 'main', group: { id: '11' }, set: { description: '' } },
      { microtenant: 'main', group: { id: '99' }, set: { enabled: false }, notAfter: '2026-12-09T10:00:00Z' },
    ];
    expect(await planned(world, changes)).toEqual([
      'Plan of 3 changes: 1 would be carried out, 1 would change nothing, 1 would be rejected',
      '1. Update segment group "Emea" (13) in prod, emea',
      'Nothing to do: the tenant is so already.',
      '2. Update segment group "Web" (11) in prod, main',
      'Description: before → (empty)',
      NO_RULE,
      '3. Update segment group (99) in prod, main',
      'Would be rejected, group-not-found (field group): No segment group with id 99 in this tenant and microtenant.',
      'What to do: Correct the group in the ticket; names are compared exactly.',
      'To be carried out not after 2026-12-09T10:00:00Z.',
    ]);
    const bound = [...world.plans.bindings.values()].map(({ microtenantId }) => microtenantId);
    expect(bound).toEqual(['777', '0', '0']);
  });

  it('says that a paused tenant waits, of what would be written only', async () => {
    const world = createPlanWorld({ tenant: { mode: 'paused' } });
    const changes = [
      { group: { name: 'Web' }, set: { description: 'new' } },
      { group: { name: 'Printers' }, applications: { remove: [{ name: 'app-23' }] } },
    ];
    expect(await planned(world, changes)).toEqual([
      'Plan of 2 changes: 1 would be carried out, 1 would change nothing',
      '1. Update segment group "Web" (11) in prod',
      'Description: before → new',
      NO_RULE,
      'But: This tenant is paused: an approved change waits.',
      '2. Update segment group "Printers" (12) in prod',
      'Nothing to do: the tenant is so already.',
    ]);
  });

  it('shows a group to create with all that it will have, and an update where it is there already', async () => {
    const world = createPlanWorld();
    const create = { action: 'create', description: 'x', enabled: true };
    const changes = [
      { ...create, group: { name: 'New' }, applications: [{ name: 'app-22' }] },
      { action: 'create', group: { name: 'Web' }, ifExists: 'update', description: 'y', enabled: true },
    ];
    expect(await planned(world, changes)).toEqual([
      'Plan of 2 changes: 2 would be carried out',
      '1. Create segment group "New" in prod',
      'Name: null → New',
      'Description: null → x',
      'Enabled: null → yes',
      'Application segments: null → 1',
      '- "app-22" (22) joins',
      NO_RULE,
      '2. Update segment group "Web" (11) in prod',
      'Description: before → y',
      NO_RULE,
    ]);
    const exposes = [...world.plans.bindings.values()].map((one) => one.exposes);
    expect(exposes).toEqual([null, []]);
  });
});
