import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../../shared/domain/decide/decide.ts';
import type { ApprovedBefore, LiveView } from '../../../../shared/domain/group/live-view.ts';
import { parsed, rawAccept, rawDelete, rawUpdate } from '../sample-changes.ts';
import { aGroup, anApplication, asApplications, aView, found, MISSING } from '../sample-live.ts';
import { ids as APPLICATIONS, GROUPS, tenants, viewOf } from '../sample-tenant.ts';

const allowed = () => undefined;
const group = aGroup('7', { description: 'R&amp;D  ', applicationIds: ['11', '12'] });
const approved = (over: Partial<ApprovedBefore> = {}): ApprovedBefore => ({
  group: { name: 'group-7', microtenantId: '0' },
  dropped: [],
  others: [],
  ...over,
});
const live = aView(found(group), { approvedBefore: approved() });
const refs = (...list: string[]) => list.map((id) => ({ id }));
const accepted = (state: unknown, view: LiveView = live) =>
  decide(parsed(rawAccept(state, { id: '7' })), view, '0', allowed);

describe('an accept of what ZPA holds', () => {
  it('approves the parts that it states, as ZPA spells them, and nothing else', () => {
    const states: [unknown, object, object][] = [
      [{ name: ' group-7 ' }, { name: 'group-7' }, { has: [], hasNot: [] }],
      [{ description: 'R&D' }, { description: 'R&amp;D  ' }, { has: [], hasNot: [] }],
      [{ enabled: false }, { enabled: false }, { has: [], hasNot: [] }],
      [{ applications: { has: refs('12'), hasNot: refs('13') } }, {}, { has: ['12'], hasNot: ['13'] }],
      [{ applications: { exactly: refs('12', '11') } }, {}, { has: [], hasNot: [], exactly: ['11', '12'] }],
    ];
    for (const [state, fields, members] of states) {
      expect(accepted(state)).toMatchObject({
        kind: 'unchanged',
        effect: { groupId: '7', added: [], removed: [] },
        approved: { groupId: '7', microtenantId: '0', fields, members, deleted: false },
      });
      expect(accepted(state)).toHaveProperty('approved.fields', fields);
    }
  });

  it('may be of a group that nobody can write, and of one that no ticket knows', () => {
    const readOnly = aView(found(aGroup('7', { readOnly: true })), { approvedBefore: approved({ group: undefined }) });
    expect(accepted({ enabled: false }, readOnly)).toMatchObject({ kind: 'unchanged' });
  });

  it('takes an application that is gone from ZPA for no member', () => {
    const applications = asApplications(anApplication('13'));
    const view = { ...live, applications };
    expect(accepted({ applications: { hasNot: refs('13', '14') } }, view)).toMatchObject({ kind: 'unchanged' });
  });
});

describe('an accept of something else', () => {
  it('is rejected with every difference', () => {
    const state = {
      name: 'Web',
      description: 'other',
      enabled: true,
      applications: { has: refs('11', '13'), hasNot: refs('12') },
    };
    expect(accepted(state)).toMatchObject({
      code: 'precondition-failed',
      path: 'state',
      sentence: 'the accept states name Web, "group-7" has group-7, and 4 more differences',
      details: {
        differences: [
          { field: 'name', expected: 'Web', found: 'group-7' },
          { field: 'description', expected: 'other', found: 'R&amp;D  ' },
          { field: 'enabled', expected: 'true', found: 'false' },
          { field: 'applications.has', expected: '13', found: 'not a member' },
          { field: 'applications.hasNot', expected: '12', found: 'a member' },
        ],
      },
    });
  });

  it('names who is missing and who is too many of a complete membership', () => {
    expect(accepted({ applications: { exactly: refs('11', '13') } })).toMatchObject({
      details: {
        differences: [
          { field: 'applications.exactly', expected: '13', found: 'not a member' },
          { field: 'applications.exactly', expected: 'no other member', found: '12' },
        ],
      },
    });
    expect(accepted({ applications: { exactly: [] } })).toMatchObject({ code: 'precondition-failed' });
    const empty = aView(found(aGroup('7')), { approvedBefore: approved() });
    expect(accepted({ applications: { exactly: [] } }, empty)).toMatchObject({ kind: 'unchanged' });
  });

  it('is rejected where there is no such group', () => {
    expect(accepted({ enabled: false }, aView(MISSING))).toMatchObject({ code: 'group-not-found', path: 'group' });
  });
});

describe('an accept of an absence', () => {
  const gone = (over?: Partial<ApprovedBefore>) => aView(MISSING, { approvedBefore: approved(over) });

  it('approves that the group is deleted', () => {
    expect(accepted('absent', gone())).toMatchObject({
      kind: 'unchanged',
      effect: { groupId: '7', before: null, after: null },
      approved: { groupId: '7', deleted: true, fields: {} },
    });
  });

  it('is rejected while ZPA has it', () => {
    expect(accepted('absent')).toMatchObject({
      code: 'precondition-failed',
      details: { differences: [{ field: 'state', expected: 'absent', found: 'in ZPA' }] },
    });
  });

  it('is rejected for a group that no ticket approved here', () => {
    const elsewhere = { group: { name: 'group-7', microtenantId: '9' } };
    for (const over of [{ group: undefined }, elsewhere])
      expect(accepted('absent', gone(over))).toMatchObject({ code: 'group-not-found' });
  });

  it('is rejected with its reason where nobody can tell what tickets approved', () => {
    const others = [{ id: '7', name: undefined, applicationIds: [] }];
    expect(accepted('absent', gone({ group: undefined, others }))).toMatchObject({
      code: 'group-not-found',
      sentence: expect.stringContaining('the record of what tickets approved of it cannot be read'),
    });
  });

  it('is planned without the ledger', () => {
    expect(accepted('absent', aView(MISSING))).toMatchObject({ kind: 'unchanged' });
  });
});

describe('what a grant must cover', () => {
  const touched = (state: unknown, view: LiveView) => {
    const asked: unknown[] = [];
    decide(parsed(rawAccept(state, { id: '7' })), view, '0', (names) => void asked.push(names));
    return asked[0];
  };
  const memberNames = new Map([
    ['11', 'Wiki'],
    ['12', 'Payroll'],
  ]);

  it('is the group as it is called and as tickets called it', () => {
    const renamed = aView(found(group), {
      approvedBefore: approved({ group: { name: 'Finance', microtenantId: '0' } }),
    });
    expect(touched({ enabled: false }, renamed)).toMatchObject({ groupNames: ['group-7', 'Finance'] });
    expect(touched('absent', aView(MISSING, { approvedBefore: approved() }))).toMatchObject({
      groupNames: ['group-7'],
    });
    const unknown = aView(MISSING, { approvedBefore: approved({ group: undefined }) });
    expect(touched('absent', unknown)).toMatchObject({ groupNames: [], unnamedGroups: ['7'] });
    const others = [{ id: '7', name: undefined, applicationIds: [] }];
    const unread = aView(found(group), { approvedBefore: approved({ group: undefined, others }) });
    expect(touched({ name: 'group-7' }, unread)).toMatchObject({ groupNames: ['group-7'], unnamedGroups: ['7'] });
  });

  it('is every application that it states, and every member where it states all', () => {
    const view = aView(found(group), { memberNames, approvedBefore: approved() });
    expect(touched({ applications: { has: refs('11') } }, view)).toMatchObject({ applicationNames: ['Wiki'] });
    expect(touched({ applications: { exactly: [] } }, view)).toMatchObject({ applicationNames: ['Wiki', 'Payroll'] });
    expect(touched({ applications: { has: refs('99') } }, view)).toMatchObject({ unnamedApplications: ['99'] });
  });

  it('is what tickets approved otherwise: dropped members, and the groups that members come from', () => {
    const others = [
      { id: '8', name: 'Finance', applicationIds: ['11'] },
      { id: '9', name: undefined, applicationIds: ['12'] },
    ];
    const view = aView(found(group), {
      memberNames,
      applications: asApplications(anApplication('13')),
      approvedBefore: approved({ dropped: ['13', '14'], others }),
    });
    expect(touched({ applications: { exactly: refs('11', '12') } }, view)).toMatchObject({
      groupNames: ['group-7', 'Finance'],
      unnamedGroups: ['9'],
      applicationNames: expect.arrayContaining(['app-13']),
      unnamedApplications: ['14'],
    });
  });
});

describe('an expectation of a description or of all members', () => {
  const expecting = (expected: object) => [
    decide(parsed(rawUpdate({ group: { id: '7' }, set: { enabled: true }, expect: expected })), live, '0', allowed),
    decide(
      parsed(rawDelete({ group: { id: '7' }, moveApplicationsTo: { id: '8' }, expect: expected })),
      live,
      '0',
      allowed,
    ),
  ];

  it('passes what is so', () => {
    for (const expected of [{ description: 'R&D' }, { members: { exactly: refs('12', '11') } }]) {
      const [update, removal] = expecting(expected);
      expect(update).toMatchObject({ kind: 'write' });
      expect(removal).not.toMatchObject({ code: 'precondition-failed' });
    }
  });

  it('rejects what is not', () => {
    for (const expected of [{ description: 'R' }, { members: { exactly: refs('11') } }, { members: { exactly: [] } }]) {
      for (const decision of expecting(expected)) expect(decision).toMatchObject({ code: 'precondition-failed' });
    }
  });

  it('needs a grant for every member', () => {
    const asked: unknown[] = [];
    const change = rawUpdate({ group: { id: '7' }, set: { enabled: true }, expect: { members: { exactly: [] } } });
    decide(parsed(change), live, '0', (names) => void asked.push(names));
    expect(asked[0]).toMatchObject({ unnamedApplications: ['11', '12'] });
  });
});

describe('any accept', () => {
  const members = fc.subarray(APPLICATIONS).map((list) => list.map((id) => ({ id })));
  const states = fc.oneof(
    fc.constant('absent'),
    fc.record(
      {
        name: fc.constantFrom(...GROUPS.map(({ name }) => name), 'Other'),
        description: fc.constantFrom('before', 'after'),
        enabled: fc.boolean(),
        applications: fc.oneof(
          fc.record({ exactly: members }),
          members.map((has) => ({ has })),
        ),
      },
      { requiredKeys: ['enabled'] },
    ),
  );

  it('writes nothing, whatever the tenant holds, and approves only what it finds', () => {
    fc.assert(
      fc.property(tenants, states, fc.constantFrom('1', '2', '3', '4'), (tenant, state, id) => {
        const change = parsed(rawAccept(state, { id }));
        const view = viewOf(tenant, change);
        const decision = decide(change, view, '0', allowed);
        expect(['unchanged', 'rejected']).toContain(decision.kind);
        if (decision.kind !== 'unchanged') return;
        const { approved: recorded, effect } = decision;
        expect([recorded.groupId, recorded.others, effect.added, effect.removed]).toEqual([id, undefined, [], []]);
        const home = tenant.groups.find((one) => one.id === id);
        expect(recorded.deleted).toBe(home === undefined);
        if (home === undefined) return;
        const { name, description, enabled } = home;
        expect({ name, description, enabled }).toMatchObject(recorded.fields);
        expect(home.applicationIds).toEqual(expect.arrayContaining(recorded.members.has));
        expect(recorded.members.exactly ?? home.applicationIds).toEqual(home.applicationIds);
      }),
    );
  });
});
