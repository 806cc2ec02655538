import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../shared/domain/configuration/configuration.ts';
import { changedNames, explainSettings } from '../../../shared/settings/explain/explain-settings.ts';

const GRANT = {
  tenants: ['acme'],
  actions: ['create', 'update'],
  groups: ['Web *'],
  applications: ['web-*'],
  changesPerHour: 100,
};
const TENANT = { customerId: '1', auth: 'legacy' };
const tenants = { acme: TENANT, globex: { customerId: '2', auth: 'legacy' } };

const parse = (tenant: object, source: object) =>
  settingsSchema.parse({
    tenants: { ...tenants, acme: { ...TENANT, ...tenant } },
    sources: { desk: { system: 'Desk', ...source } },
  });

const said = (before: Parameters<typeof explainSettings>[0], after: Parameters<typeof explainSettings>[0]) =>
  explainSettings(before, after).map(({ effect, path, sentence }) => `${effect} ${path} ${sentence}`);

const ofTenant = (before: object, after: object) => said(parse(before, {}), parse(after, {}));
const ofSource = (before: object, after: object) => said(parse({}, before), parse({}, after));
const ofGrants = (before: object[], after: object[]) => ofSource({ grants: before }, { grants: after });

describe('grants', () => {
  const where = 'create, update in "acme"';
  const more = (text: string) => `looser sources.desk.grants Source "desk": may do more: ${text}.`;
  const less = (text: string) => `tighter sources.desk.grants Source "desk": may do less, not any more: ${text}.`;

  it.each<[string, object, string]>([
    ['pattern of groups', { groups: ['Web *', 'Mail'] }, 'groups "Mail"'],
    ['pattern of applications', { applications: ['*'] }, 'applications "*"'],
    ['flag', { flags: ['leaveUngrouped'] }, 'flags "leaveUngrouped"'],
    ['changes per hour', { changesPerHour: 200 }, '200 changes an hour rather than 100'],
  ])('say which source may do more, and less the other way round: %s', (_, wider, text) => {
    expect(ofGrants([GRANT], [{ ...GRANT, ...wider }])).toEqual([more(`${where}: ${text}`)]);
    expect(ofGrants([{ ...GRANT, ...wider }], [GRANT])).toEqual([less(`${where}: ${text}`)]);
  });

  it('say that any microtenant is more than some', () => {
    const some = { ...GRANT, microtenants: ['m1'] };
    expect(ofGrants([some], [GRANT])).toEqual([more(`${where}: any microtenant`)]);
    expect(ofGrants([some], [{ ...GRANT, microtenants: ['m1', 'm2'] }])).toEqual([more(`${where}: microtenants "m2"`)]);
  });

  it('say all of a right in a tenant, or of an action, that the source had none in', () => {
    const all = 'groups "Web *"; applications "web-*"; 100 changes an hour';
    expect(ofGrants([GRANT], [{ ...GRANT, tenants: ['acme', 'globex'] }])).toEqual([
      more(`create, update in "globex": ${all}`),
    ]);
    expect(ofGrants([{ ...GRANT, actions: ['create', 'update', 'delete'] }], [GRANT])).toEqual([
      less(`delete in "acme": ${all}`),
    ]);
  });

  it('take a narrower pattern as less and nothing more', () => {
    expect(ofGrants([GRANT], [{ ...GRANT, groups: ['Web A*', 'Web *B*'] }])).toEqual([
      less(`${where}: groups "Web *"`),
    ]);
  });

  it('take no right as lost that another grant covers', () => {
    const one = (tenant: string) => ({ ...GRANT, tenants: [tenant] });
    expect(ofGrants([{ ...GRANT, tenants: ['acme', 'globex'] }], [one('acme'), one('globex')])).toEqual([
      'other sources.desk.grants Source "desk": has the same rights in other grants; each grant counts its own changes per hour, in the first that covers.',
    ]);
  });

  it('take two grants as less than one that covers both parts of a change', () => {
    const both = { ...GRANT, groups: ['A', 'B'] };
    expect(
      ofGrants(
        [both],
        [
          { ...GRANT, groups: ['A'] },
          { ...GRANT, groups: ['B'] },
        ],
      ),
    ).toEqual([less(`${where}: groups "B"`)]);
  });
});

describe('tenants', () => {
  const freeze = { from: 'fri 16:00', until: 'mon 06:00', timeZone: 'Europe/Berlin' };
  const rule = { rules: ['Admin *'], response: 'refuse' };
  it.each<[string, object, object, string]>([
    ['mode', { mode: 'plan-only' }, { mode: 'apply' }, 'mode'],
    ['reach', { reach: 'guarded' }, { reach: 'deletes' }, 'reach'],
    ['reads', { budget: { reads: 20 } }, { budget: { reads: 40 } }, 'budget.reads'],
    ['deletes', { guards: { deletes: 'refused' } }, {}, 'guards.deletes'],
    ['most removals', { guards: { mostRemovals: 5 } }, { guards: { mostRemovals: 6 } }, 'guards.mostRemovals'],
    ['no most removals', { guards: { mostRemovals: 5 } }, {}, 'guards.mostRemovals'],
    ['protected groups', { guards: { protectedGroups: [{ groups: ['*'] }] } }, {}, 'guards.protectedGroups'],
    [
      'some groups protected',
      { guards: { protectedGroups: [{ groups: ['*'] }] } },
      { guards: { protectedGroups: [{ groups: ['*'], refuse: ['deletes'] }] } },
      'guards.protectedGroups',
    ],
    ['rule guards', { guards: { rules: [rule] } }, {}, 'guards.rules'],
    [
      'response of a rule guard',
      { guards: { rules: [rule] } },
      { guards: { rules: [{ ...rule, response: 'second-approver' }] } },
      'guards.rules',
    ],
    ['freezes', { freezes: [freeze] }, {}, 'freezes'],
  ])('say whether limits are looser or tighter: %s', (_, tight, loose, path) => {
    const effects = (lines: string[]) => lines.map((line) => line.split(' ').slice(0, 2).join(' '));
    const loosened = effects(ofTenant(tight, loose));
    expect(loosened).toContain(`looser tenants.acme.${path}`);
    expect(effects(ofTenant(loose, tight))).toContain(`tighter tenants.acme.${path}`);
  });

  it.each<[string, object, object, string]>([
    ['fewer owned', { owned: ['Web*'] }, {}, 'owned'],
    ['fewer watched', { watched: ['Web*'] }, {}, 'watched'],
    ['more foreign', {}, { foreign: ['Web*'] }, 'foreign'],
  ])('say whether the drift report shows less or more: %s', (_, more, less, list) => {
    const effect = (lines: string[]) => lines.map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(effect(ofTenant({ drift: more }, { drift: less }))).toEqual([`looser tenants.acme.drift.${list}`]);
    expect(effect(ofTenant({ drift: less }, { drift: more }))).toEqual([`tighter tenants.acme.drift.${list}`]);
  });

  it('say whether drift opens a ticket', () => {
    const ticket = (source: string) => ({ ticket: { source, closed: { to: 'Done' } } });
    const sources = { desk: { system: 'Desk', tickets: { kind: 'webhook', url: 'https://a.example' } } };
    const settings = (drift: object) =>
      settingsSchema.parse({ tenants: { acme: { ...TENANT, drift } }, sources: { ...sources, other: sources.desk } });
    const lines = [
      [{}, ticket('desk')],
      [ticket('desk'), {}],
      [ticket('desk'), ticket('other')],
    ].flatMap(([before = {}, after = {}]) => said(settings(before), settings(after)));
    expect(lines).toEqual([
      'tighter tenants.acme.drift.ticket Tenant "acme": drift opens a ticket of "desk".',
      'looser tenants.acme.drift.ticket Tenant "acme": drift opens no ticket any more; an open one of "desk" stays.',
      'other tenants.acme.drift.ticket Tenant "acme": drift opens a ticket of "other" in another way.',
    ]);
  });

  it('name each writer that differs', () => {
    const [terraform, console] = [
      { name: 'Terraform', kind: 'terraform' },
      { name: 'Anna', kind: 'console' },
    ];
    expect(ofTenant({ writers: { 21: terraform, 22: console } }, { writers: { 22: terraform, 23: console } })).toEqual([
      'other tenants.acme.writers Tenant "acme": writer 21 is nobody in the drift report, before "Terraform" (terraform).',
      'other tenants.acme.writers Tenant "acme": writer 22 is "Terraform" (terraform) in the drift report, before "Anna" (console).',
      'other tenants.acme.writers Tenant "acme": writer 23 is "Anna" (console) in the drift report, before nobody.',
    ]);
  });

  it('say that another customer ends what is open', () => {
    expect(ofTenant({}, { customerId: '9' })[0]).toMatch(/^other tenants.acme.customerId .* another ZPA customer/);
  });

  it('lose no freeze that is stated twice', () => {
    expect(ofTenant({ freezes: [freeze, freeze] }, { freezes: [freeze] })).toEqual([
      'other tenants.acme.freezes Tenant "acme": says the same in another form.',
    ]);
  });
});

describe('sources', () => {
  it.each<[string, object, object, string]>([
    ['tolerance', { toleranceSeconds: 60 }, { toleranceSeconds: 300 }, 'toleranceSeconds'],
    ['addresses', { allowedCidrs: ['203.0.113.0/24'] }, {}, 'allowedCidrs'],
    [
      'more addresses',
      { allowedCidrs: ['203.0.113.0/24'] },
      { allowedCidrs: ['203.0.113.0/24', '::/0'] },
      'allowedCidrs',
    ],
    ['replay', {}, { replay: 'none' }, 'replay'],
    ['catalog', {}, { catalog: true }, 'catalog'],
  ])('say whether more or less is taken: %s', (_, tight, loose, path) => {
    expect(ofSource(tight, loose)[0]).toContain(`looser sources.desk.${path}`);
    expect(ofSource(loose, tight).some((line) => line.startsWith('looser'))).toBe(false);
  });

  it.each<[string, string, boolean]>([
    ['selfApproval', 'looser', true],
    ['trustHistory', 'looser', true],
    ['requirePlan', 'tighter', true],
  ])('say whether approvals are looser or tighter: %s', (field, effect, value) => {
    const base = parse({}, {});
    const withApproval = (one: object) => {
      const given = { gate: {}, selfApproval: false, trustHistory: false, trustPayload: false, requirePlan: false };
      const desk = { ...base.sources.desk, approval: { ...given, reconcileHours: 24, ...one } };
      return { ...base, sources: { desk } } as typeof base;
    };
    const [line] = said(withApproval({}), withApproval({ [field]: value }));
    expect(line).toContain(`${effect} sources.desk.approval.${field}`);
    expect(said(base, withApproval({}))[0]).toContain('tighter sources.desk.approval');
    expect(said(withApproval({}), base)[0]).toContain('looser sources.desk.approval');
  });

  it('say what a new source may do, and that a removed one may nothing', () => {
    const none = settingsSchema.parse({ tenants, sources: {} });
    const some = parse({}, { grants: [GRANT] });
    expect(said(none, some)).toEqual([
      'looser sources.desk Source "desk": is added.',
      'looser sources.desk Source "desk": may do more: create, update in "acme": groups "Web *"; applications "web-*"; 100 changes an hour.',
    ]);
    expect(said(some, none)).toEqual([expect.stringMatching(/^tighter sources\.desk Source "desk": is removed/)]);
    expect(changedNames(none, some)).toEqual({ tenants: [], sources: ['desk'] });
  });
});

it('says nothing where only a default is written out', () => {
  expect(ofTenant({}, { mode: 'apply', freezes: [] })).toEqual([]);
});

it('explains a tenant and a source whose names every object inherits as any other', () => {
  const empty = settingsSchema.parse({ tenants: {}, sources: {} });
  const next = settingsSchema.parse({ tenants: { toString: TENANT }, sources: { valueOf: { system: 'Desk' } } });
  expect(said(empty, next)).toEqual([
    'looser tenants.toString Tenant "toString": is added.',
    'looser sources.valueOf Source "valueOf": is added, without any grant.',
  ]);
  expect(changedNames(next, empty)).toEqual({ tenants: ['toString'], sources: ['valueOf'] });
});
