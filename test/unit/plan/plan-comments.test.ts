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
  const shown = lines.filter((one) => !one.startsWith('An approval'));
  return [headline, ...shown.map((one) => one.replace(/ Plan [0-9a-f]{12}$/, ''))];
}

const withApplications = (world: World, all: readonly string[]) => {
  for (const id of all) world.zpa.applications.set(id, { id, name: `app-${id}` });
};

const named = (all: readonly string[]) => all.map((id) => `app-${id} (${id})`).join(', ');

const MORE = 'The policy rules are still being read, which takes minutes. Another comment shows the result.';
const NO_RULE = 'Policy impact: No policy rule gains or loses an application segment.';
const asOf = (time: string) => `${NO_RULE.slice(0, -1)} (rules as of ${time} UTC).`;

describe('the comment of a plan', () => {
  it('names twenty applications that join, and counts the rest', async () => {
    const world = createPlanWorld();
    const many = ids(31, 22);
    withApplications(world, many);
    const change = { group: { name: 'Printers' }, applications: { add: many.map((id) => ({ id })) } };
    expect(await planned(world, [change])).toEqual([
      'Plan of 1 change: 1 would be applied',
      `Printers (12) | Add 22 application segments: ${named(many.slice(0, 20))} and 2 others | Would be applied.`,
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
      'Plan of 1 change: 1 would be applied',
      `Full (13) | Remove 21 application segments: ${many.slice(0, 20).join(', ')} and 1 other | Would be applied. ` +
        'Not before 2026-12-02 10:00 UTC. Application segments that leave may stay without a group.',
      asOf('08:00:00'),
    ]);
  });

  it('says of exactly twenty no rest, and nothing of groups where none leaves', async () => {
    const world = createPlanWorld();
    const many = ids(31, 20);
    withApplications(world, many);
    const change = { group: { name: 'Printers' }, applications: { add: many.map((id) => ({ id })) } };
    const lines = await planned(world, [{ ...change, leaveUngrouped: true }]);
    expect(lines.slice(1)).toEqual([
      `Printers (12) | Add 20 application segments: ${named(many)} | Would be applied.`,
      asOf('08:00:10'),
    ]);
  });

  it('says where applications move, and when', async () => {
    const window = { notBefore: '2026-12-02T10:00:00Z', notAfter: '2026-12-09T10:00:00Z' };
    const move = { applications: { remove: [{ name: 'app-21' }] }, moveTo: { name: 'Printers' } };
    const world = createPlanWorld();
    expect(await planned(world, [{ group: { name: 'Web' }, ...move, ...window }])).toEqual([
      'Plan of 1 change: 1 would be applied',
      'Web (11) | Remove 1 application segment: app-21 (21). Move out of "Web" into "Printers": app-21 (21) | ' +
        'Would be applied. Not before 2026-12-02 10:00 UTC and not after 2026-12-09 10:00 UTC.',
      asOf('08:00:20'),
    ]);
  });

  it.each([
    [20, []],
    [21, ['… and 1 more change, counted above and not shown.']],
  ])('shows twenty of %d changes', async (count, rest) => {
    const changes = ids(1, count).map((one) => ({ group: { name: 'Web' }, set: { description: one } }));
    const lines = await planned(createPlanWorld(), changes);
    expect(lines[0]).toBe(`Plan of ${count} changes: ${count} would be applied`);
    expect(lines.slice(rest.length === 0 ? -3 : -4)).toEqual(
      [
        'Web (11) | Description: 18 → 19 | Would be applied.',
        'Web (11) | Description: 19 → 20 | Would be applied.',
        ...rest,
        NO_RULE,
      ].slice(-4),
    );
  });

  it('while it is made says what is known, and how many changes are still to be read', async () => {
    const world = createPlanWorld();
    for (const id of ['13', '14']) world.zpa.groups.set(id, aGroup(id, { name: `G${id}`, enabled: false }));
    const changes = ['Web', 'Printers', 'G13', 'G14'].map((name) => ({ group: { name }, set: { enabled: false } }));
    expect(await planned(world, changes, 0)).toEqual([
      'Plan of 4 changes: 2 would be applied, 1 would change nothing',
      'Web (11) | Disable | Would be applied.',
      'Printers (12) | Disable | Would be applied.',
      'G13 (13) | Disable | No change needed: ZPA already matches the ticket.',
      '1 of 4 changes is still to be read.',
      NO_RULE,
      'Policy impact: still being read.',
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
        'Web | Rename to "Other" | This could not be read: Odd.',
        '1 of 2 changes is still to be read.',
        MORE,
      ],
      [
        'Plan of 2 changes: 2 not known yet',
        'This is a plan, made before approval: nothing has been changed.',
        'Web | Rename to "Other" | This could not be read: Odd.',
        'Web | Rename to "Other" | This could not be read: Odd.',
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
      'Printers | Delete | Several segment groups have this name. The result depends on the policy rules.',
      'Web (11) | Delete | The segment group exists. The result depends on the policy rules.',
      MORE,
    ]);
    expect(world.spoken[1]?.text).toMatch(
      /^Printers \| Delete \| Would be rejected: .*Field: group\..*\(group-name-ambiguous\)$/m,
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
    expect(lines[2]).toMatch(/^- .*changes\[0\]\.colour1.* is not a field of a change\. Leave it out, or use one of: /);
    expect(lines[21]).toContain('colour20');
    expect(lines.slice(22)).toEqual(['- and 2 more']);
  });

  it('shows ten of twelve rules', async () => {
    const world = createPlanWorld();
    for (const id of ids(1, 12)) {
      world.zpa.policyRules.push(aRule({ groupIds: ['11'] }, { ruleId: id, ruleName: `R${id}`, ruleOrder: id }));
    }
    const lines = await planned(world, [{ group: { name: 'Web' }, applications: { add: [{ name: 'app-22' }] } }]);
    const opens = (id: string) =>
      `- "R${id}" (ACCESS_POLICY, order ${id}, ALLOW) gains 1 application segment (app-22), which opens access.`;
    expect(lines.slice(-11)).toEqual([...ids(1, 10).map(opens), '- And 2 more.']);
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
      'Plan of 3 changes: 1 would be applied, 1 would change nothing, 1 would be rejected',
      'Emea (13) in prod, emea | Enable | No change needed: ZPA already matches the ticket.',
      'Web (11) in prod, main | Description: before → (empty) | Would be applied.',
      '99 in prod, main | Disable | Would be rejected: No segment group with id 99 in this tenant and microtenant. ' +
        'Field: group. Next step: Correct the name of the segment group in the ticket. Names must match exactly. ' +
        '(group-not-found) Not after 2026-12-09 10:00 UTC.',
      NO_RULE,
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
      'Plan of 2 changes: 1 would be applied, 1 would change nothing',
      'Web (11) | Description: before → new | Would be applied.',
      'Printers (12) | Already absent: app-23 (23) | No change needed: ZPA already matches the ticket.',
      NO_RULE,
      'But for Web: This tenant is paused: an approved change waits.',
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
      'Plan of 2 changes: 2 would be applied',
      'New | Create, enabled. Description: x. Add 1 application segment: app-22 (22) | Would be applied.',
      'Web (11) | Description: before → y | Would be applied.',
      NO_RULE,
    ]);
    const exposes = [...world.plans.bindings.values()].map((one) => one.exposes);
    expect(exposes).toEqual([null, []]);
  });
});
