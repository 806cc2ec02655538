import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Grant, SourceConfiguration } from '../../../../shared/domain/configuration/configuration.ts';
import { checkGrants, matchesPattern, type ResolvedNames } from '../../../../shared/domain/configuration/grants.ts';
import { parsed, rawAccept, rawCreate, rawDelete, rawUpdate } from '../sample-changes.ts';

const wide: Grant = {
  tenants: ['acme-prod'],
  actions: ['create', 'update', 'delete'],
  groups: ['*'],
  applications: ['*'],
  flags: ['leaveUngrouped', 'takeFromOtherGroups', 'moveApplicationsTo'],
  changesPerHour: 10,
};

const sourceWith = (...grants: Grant[]): SourceConfiguration => ({
  scheme: { kind: 'standard-webhooks' },
  toleranceSeconds: 300,
  system: 'servicenow',
  grants,
});

const checkWith = (narrow: Partial<Grant>, raw: unknown) =>
  checkGrants(sourceWith({ ...wide, ...narrow }), parsed(raw));

describe('a source', () => {
  it('without grants may do nothing', () => {
    expect(checkGrants(sourceWith(), parsed(rawDelete()))).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('no grants'),
    });
  });

  it('may do what one grant covers', () => {
    expect(checkWith({}, rawUpdate())).toEqual({ ok: true, grant: 0 });
    expect(checkGrants(sourceWith({ ...wide, actions: ['create'] }, wide), parsed(rawDelete()))).toEqual({
      ok: true,
      grant: 1,
    });
  });

  it('may accept only where that is granted by name, and what its patterns cover', () => {
    const every = { actions: ['create', 'update', 'delete', 'accept'] } satisfies Partial<Grant>;
    const members = (...ids: string[]) => ({ applications: { exactly: ids.map((id) => ({ id })) } });
    expect(checkWith({}, rawAccept('absent'))).toMatchObject({
      ok: false,
      sentence: 'This source may not ask for an accept in tenant "acme-prod".',
    });
    expect(checkWith(every, rawAccept('absent'))).toMatchObject({ ok: true });
    expect(checkWith({ ...every, groups: ['Web*'] }, rawAccept({ name: 'Finance' }))).toMatchObject({
      ok: false,
      sentence: 'This source may not touch segment group "Finance".',
    });
    expect(checkWith({ ...every, applications: [] }, rawAccept({ enabled: true })).ok).toBe(true);
    for (const state of [members(), members('1'), { applications: { hasNot: [{ id: '1' }] } }]) {
      expect(checkWith({ ...every, applications: [] }, rawAccept(state)).ok).toBe(false);
    }
  });

  it('touches a group of which nobody knows the name only where it may touch all', () => {
    const names = { groupNames: [], applicationNames: [], unnamedApplications: [], unnamedGroups: ['7'] };
    const check = (groups: string[], id: string) =>
      checkGrants(sourceWith({ ...wide, groups }), parsed(rawDelete({ group: { id } })), names);
    expect(check(['**'], '7')).toMatchObject({ ok: true });
    expect(check(['Web*'], '7')).toMatchObject({
      ok: false,
      sentence: 'This source may not touch segment group 7, whose name is not known.',
    });
    expect(check(['Web*'], '8')).toMatchObject({
      ok: false,
      sentence: 'This source may not touch a segment group outside its grants.',
      withheld: { group: '7' },
    });
  });

  it('may expect all members only where applications are granted', () => {
    const change = rawUpdate({ set: { enabled: true }, expect: { members: { exactly: [] } } });
    expect(checkWith({ applications: [] }, change).ok).toBe(false);
    expect(checkWith({}, change).ok).toBe(true);
  });

  it('may do in a microtenant what is granted there', () => {
    expect(checkWith({ microtenants: ['paris', 'berlin'] }, rawDelete({ microtenant: 'berlin' })).ok).toBe(true);
  });

  it('may touch what any of several patterns covers', () => {
    const change = rawUpdate({ applications: { add: [{ name: 'ssh' }] } });
    expect(checkWith({ groups: ['Web*', 'Remote*'], applications: ['web-*', 'ssh'] }, change).ok).toBe(true);
  });

  it('without any application granted may still change what is no membership', () => {
    expect(checkWith({ applications: [] }, rawUpdate({ set: { enabled: true } })).ok).toBe(true);
    expect(checkWith({ applications: [] }, rawDelete()).ok).toBe(true);
  });

  it('needs no flag for what asks for none', () => {
    expect(checkWith({ flags: [] }, rawUpdate()).ok).toBe(true);
    expect(checkWith({ flags: [] }, rawCreate()).ok).toBe(true);
    expect(checkWith({ flags: [] }, rawDelete()).ok).toBe(true);
  });

  it('may not join two grants for one change', () => {
    const two = sourceWith({ ...wide, groups: ['Remote*'] }, { ...wide, groups: ['Web*'] });
    expect(checkGrants(two, parsed(rawUpdate({ set: { name: 'Web Apps' } })))).toMatchObject({ ok: false });
  });

  const rename = rawUpdate({ set: { name: 'Partner Access' } });
  it.each<[string, Partial<Grant>, unknown, string]>([
    ['another tenant', { tenants: ['acme-test'] }, rawDelete(), 'tenant "acme-prod"'],
    ['no microtenant where one is needed', { microtenants: ['berlin'] }, rawDelete(), 'without naming'],
    ['another microtenant', { microtenants: ['berlin'] }, rawDelete({ microtenant: 'paris' }), '"paris"'],
    ['another action', { actions: ['create', 'update'] }, rawDelete(), 'delete'],
    ['another group', { groups: ['Web*'] }, rawUpdate(), '"Remote Access"'],
    ['another group to create', { groups: ['Remote*'] }, rawCreate(), '"Web Apps"'],
    ['the new name of a rename', { groups: ['Remote*'] }, rename, '"Partner Access"'],
    ['the old name of a rename', { groups: ['Partner*'] }, rename, '"Remote Access"'],
    ['an application', { applications: ['web-*'] }, rawUpdate({ applications: { add: [{ name: 'ssh' }] } }), '"ssh"'],
    [
      'an application taken out',
      { applications: ['web-*'] },
      rawUpdate({ applications: { remove: [{ name: 'ssh' }] } }),
      '"ssh"',
    ],
    [
      'an application of a create',
      { applications: ['web-*'] },
      rawCreate({ applications: [{ name: 'ssh' }] }),
      '"ssh"',
    ],
    [
      'any application by id',
      { applications: [] },
      rawUpdate({ applications: { add: [{ id: '1' }] } }),
      'applications',
    ],
    ['emptying a group', { applications: [] }, rawUpdate({ applications: { replace: [] } }), 'applications'],
    [
      'a flag',
      { flags: [] },
      rawUpdate({ applications: { remove: [{ id: '1' }] }, leaveUngrouped: true }),
      '"leaveUngrouped"',
    ],
    [
      'taking applications from other groups',
      { flags: ['leaveUngrouped', 'moveApplicationsTo'] },
      rawUpdate({ applications: { add: [{ id: '1' }] }, takeFromOtherGroups: true }),
      '"takeFromOtherGroups"',
    ],
    [
      'a delete that moves applications away',
      { flags: ['leaveUngrouped', 'takeFromOtherGroups'] },
      rawDelete({ moveApplicationsTo: { name: 'Web Apps' } }),
      '"moveApplicationsTo"',
    ],
    ['a group to delete', { groups: ['Web*'] }, rawDelete({ group: { name: 'Remote Access' } }), '"Remote Access"'],
    [
      'the group that takes what a delete leaves',
      { groups: ['Remote*'] },
      rawDelete({ group: { name: 'Remote Access' }, moveApplicationsTo: { name: 'Web Apps' } }),
      '"Web Apps"',
    ],
    [
      'the group that takes what an update takes out',
      { groups: ['Remote*'] },
      rawUpdate({ applications: { remove: [{ id: '1' }] }, moveTo: { name: 'Web Apps' } }),
      '"Web Apps"',
    ],
    [
      'an application that it expects to be a member',
      { applications: ['web-*'] },
      rawUpdate({ set: { enabled: true }, expect: { members: { has: [{ name: 'ssh' }] } } }),
      '"ssh"',
    ],
    [
      'an application that it expects not to be a member',
      { applications: ['web-*'] },
      rawDelete({ expect: { members: { hasNot: [{ name: 'ssh' }] } } }),
      '"ssh"',
    ],
    [
      'an expectation of any application by id',
      { applications: [] },
      rawDelete({ expect: { members: { has: [{ id: '1' }] } } }),
      'applications',
    ],
    ['a name that it expects', { groups: ['Web*'] }, rawDelete({ expect: { name: 'Finance' } }), '"Finance"'],
  ])('may not ask for %s', (_, narrow, raw, part) => {
    const permission = checkWith(narrow, raw);
    expect(permission).toMatchObject({ ok: false, sentence: expect.stringContaining(part) });
  });

  it('is told of the grant that came closest, and what to do about it', () => {
    const [near, far] = [
      { ...wide, flags: [] },
      { ...wide, tenants: ['other'] },
    ];
    const change = parsed(rawUpdate({ applications: { remove: [{ id: '1' }] }, leaveUngrouped: true }));
    const expected = { sentence: expect.stringContaining('leaveUngrouped'), remedy: expect.stringContaining('grant') };
    expect(checkGrants(sourceWith(near, far), change)).toMatchObject(expected);
    expect(checkGrants(sourceWith(far, near), change)).toMatchObject(expected);
  });
});

const NOTHING: ResolvedNames = { groupNames: [], applicationNames: [], unnamedApplications: [] };

describe('what the worker resolved', () => {
  const source = sourceWith({ ...wide, groups: ['Remote*'], applications: ['web-*'] });
  const change = parsed(
    rawUpdate({ group: { id: '7' }, applications: { add: [{ id: '1' }] }, set: { name: 'Remote 2' } }),
  );

  it('is not known at ingest', () => {
    expect(checkGrants(source, change)).toMatchObject({ ok: true });
  });

  it.each<[Partial<ResolvedNames>, boolean]>([
    [{ groupNames: ['Remote 1'], applicationNames: ['web-1'] }, true],
    [{ groupNames: ['Finance'], applicationNames: ['web-1'] }, false],
    [{ groupNames: ['Remote 1', 'Finance'], applicationNames: ['web-1'] }, false],
    [{ groupNames: ['Remote 1'], applicationNames: ['web-1', 'ssh'] }, false],
    [{ groupNames: ['Remote 1'], applicationNames: ['web-1'], unnamedApplications: ['2'] }, false],
  ])('%o is permitted: %s', (resolved, ok) => {
    expect(checkGrants(source, change, { ...NOTHING, ...resolved }).ok).toBe(ok);
  });

  it('holds an application of which no name is known only where every one is granted', () => {
    const unnamed = { ...NOTHING, unnamedApplications: ['2'] };
    const check = (...applications: string[]) =>
      checkGrants(sourceWith({ ...wide, applications }), parsed(rawDelete()), unnamed);
    expect(check('web-*', '*').ok).toBe(true);
    expect(check('web-*', 'ssh')).toMatchObject({ ok: false, sentence: expect.stringContaining('application 2') });
    expect(check('*-*').ok).toBe(false);
  });

  it('does not lift what the change itself names', () => {
    const renamed = parsed(rawUpdate({ group: { id: '7' }, set: { name: 'Finance' } }));
    expect(checkGrants(source, renamed, { ...NOTHING, groupNames: ['Remote 1'] }).ok).toBe(false);
  });
});

describe('a pattern', () => {
  it.each([
    ['Web Apps', 'Web Apps', true],
    ['Web Apps', 'web apps', false],
    ['Web*', 'Web', true],
    ['*Apps', 'Web Apps', true],
    ['a*a', 'a', false],
    ['a*b*c', 'a-c-b-c', true],
    ['a*bc*c', 'abc', false],
    ['.*', 'Web', false],
    ['W?b', 'Web', false],
    ['', '', true],
    ['Büro*', 'Bu\u0308ro 1', true],
  ])('%s on %s: %s', (pattern, name, matches) => {
    expect(matchesPattern(pattern, name)).toBe(matches);
  });

  it('matches as the regular expression does that means the same', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    fc.assert(
      fc.property(text, plain, (pattern, name) => {
        expect(matchesPattern(pattern, name)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name));
      }),
      { numRuns: 1000 },
    );
  });
});
