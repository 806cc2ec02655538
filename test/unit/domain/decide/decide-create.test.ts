import { describe, expect, it } from 'vitest';
import { decide } from '../../../../shared/domain/decide/decide.ts';
import { NEW_GROUP } from '../../../../shared/domain/decide/group-content.ts';
import type { LiveView } from '../../../../shared/domain/group/live-view.ts';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import { parsed, rawCreate, rawUpdate } from '../sample-changes.ts';
import { aGroup, ambiguous, anApplication, asApplications, aView, found, MISSING } from '../sample-live.ts';

const allowed = () => undefined;
const change = rawCreate({ description: 'asked', enabled: true, applications: [{ id: '12' }, { name: 'app-11' }] });
const free = asApplications(anApplication('11'), anApplication('12'));
const live = aView(MISSING, { applications: free });
const created = (view: LiveView = live, raw: unknown = change) => decide(parsed(raw), view, '77', allowed);

describe('a create', () => {
  it('is a group of what the ticket says, in its microtenant, with the applications by id', () => {
    const after = {
      id: NEW_GROUP,
      name: 'Web Apps',
      description: 'asked',
      enabled: true,
      configSpace: 'DEFAULT',
      microtenantId: '77',
      applicationIds: ['11', '12'],
      readOnly: false,
    };
    expect(created()).toMatchObject({ kind: 'write', transitions: [{ before: null, after }] });
  });

  it('says what it did and what that approves: exactly these members', () => {
    expect(created()).toMatchObject({
      effect: {
        groupId: NEW_GROUP,
        before: null,
        after: { name: 'Web Apps', description: 'asked', enabled: true, applicationCount: 2 },
        added: ['11', '12'],
        removed: [],
      },
      approved: {
        groupId: NEW_GROUP,
        microtenantId: '77',
        fields: { name: 'Web Apps', description: 'asked', enabled: true },
        members: { has: [], hasNot: [], exactly: ['11', '12'] },
        deleted: false,
      },
      reach: { status: 'not-checked' },
    });
  });

  it('needs a grant for the group and every application, by the names ZPA has', () => {
    const asked: unknown[] = [];
    decide(parsed(change), live, '0', (names) => void asked.push(names));
    expect(asked).toMatchObject([{ groupNames: ['Web Apps'], applicationNames: ['app-12', 'app-11'] }]);
    const refused = decide(parsed(change), live, '0', () => reject('not-permitted', 'no'));
    expect(refused).toMatchObject({ kind: 'rejected', code: 'not-permitted' });
  });

  it('is rejected where a group has the name, or several have', () => {
    expect(created(aView(found(aGroup('7')), { applications: free }))).toMatchObject({
      code: 'group-exists',
      sentence: expect.stringContaining('exists: 7'),
      path: 'group.name',
      details: { candidates: [{ id: '7', name: 'group-7' }] },
    });
    expect(created(aView(ambiguous('7', '8'), { applications: free }))).toMatchObject({
      code: 'group-exists',
      sentence: expect.stringContaining('exists: 7, 8'),
      details: {
        candidates: [
          { id: '7', name: 'Twin' },
          { id: '8', name: 'Twin' },
        ],
      },
    });
    const many = Array.from({ length: 9 }, (_, index) => `${index + 1}`);
    expect(created(aView(ambiguous(...many), { applications: free }))).toMatchObject({
      sentence: expect.stringMatching(/exists: 1, 2, 3, 4, 5$/),
    });
  });

  it('takes no application out of another group', () => {
    const there = aGroup('7');
    const taken = asApplications(anApplication('11'), anApplication('12', there));
    expect(created(aView(MISSING, { applications: taken }))).toMatchObject({
      code: 'application-in-other-group',
      sentence: expect.stringContaining('application segment 12 ("app-12") is in "group-7" (7)'),
      path: 'applications.add',
      details: { applications: [{ id: '12', name: 'app-12', group: { id: '7', name: 'group-7' } }] },
    });
    const nameless = { ...anApplication('12', there), segmentGroupName: undefined };
    expect(created(aView(MISSING, { applications: asApplications(anApplication('11'), nameless) }))).toMatchObject({
      sentence: expect.stringContaining('"?" (7)'),
    });
  });

  it('lists at most fifty applications of other groups', () => {
    const ids = Array.from({ length: 60 }, (_, index) => `${100 + index}`);
    const taken = asApplications(...ids.map((id) => anApplication(id, aGroup('7'))));
    const all = created(
      aView(MISSING, { applications: taken }),
      rawCreate({ applications: ids.map((id) => ({ id })) }),
    );
    expect(all).toMatchObject({ details: { applications: expect.objectContaining({ length: 50 }) } });
  });
});

describe('an application that a change names', () => {
  it('has to be there', () => {
    const missing = created(aView(MISSING, { applications: new Map([['id:12', MISSING]]) }));
    expect(missing).toMatchObject({
      code: 'application-not-found',
      sentence: expect.stringContaining('with id 12'),
      path: 'applications',
    });
    expect(created(aView(MISSING))).toMatchObject({ code: 'application-not-found' });
  });

  it('has to be one, and is not guessed', () => {
    const twins = Array.from({ length: 30 }, (_, index) => `${index + 1}`);
    const applications = new Map([...free, ['name:app-11', ambiguous(...twins)] as const]);
    expect(created(aView(MISSING, { applications }))).toMatchObject({
      code: 'application-name-ambiguous',
      sentence: expect.stringContaining('named "app-11"'),
      path: 'applications',
      details: { candidates: expect.objectContaining({ length: 20 }) },
    });
  });
});

describe('the group that a change names', () => {
  const updated = (group: LiveView['group'], raw: unknown = rawUpdate()) =>
    decide(parsed(raw), aView(group), '0', allowed);

  it('has to be there', () => {
    expect(updated(MISSING)).toMatchObject({
      code: 'group-not-found',
      sentence: expect.stringContaining('named "Remote Access"'),
      path: 'group',
    });
  });

  it('has to be one, and is not guessed', () => {
    const twins = Array.from({ length: 30 }, (_, index) => `${index + 1}`);
    expect(updated(ambiguous(...twins))).toMatchObject({
      code: 'group-name-ambiguous',
      sentence: expect.stringContaining('30 segment groups'),
      path: 'group',
      details: { candidates: expect.objectContaining({ length: 20 }) },
    });
  });

  it('may not be one that ZPA manages', () => {
    const group = aGroup('7', { readOnly: true });
    expect(updated(found(group))).toMatchObject({
      code: 'group-read-only',
      path: 'group',
      details: { group: { id: '7', name: 'group-7' } },
    });
  });
});

describe('what a ticket expects', () => {
  const group = aGroup('7', { applicationIds: ['11'] });
  const applications = asApplications(anApplication('11', group), anApplication('12'));
  const expecting = (expected: unknown, view = aView(found(group), { applications })) =>
    decide(parsed(rawUpdate({ group: { id: '7' }, set: { enabled: true }, expect: expected })), view, '0', allowed);

  it('stands in nobody’s way where it is so', () => {
    const members = { has: [{ id: '11' }], hasNot: [{ name: 'app-12' }] };
    expect(expecting({ name: 'group-7', enabled: false, members }).kind).toBe('write');
    expect(expecting({ members: { has: [{ id: '11' }] } }).kind).toBe('write');
    expect(expecting({ members: { hasNot: [{ id: '12' }] } }).kind).toBe('write');
  });

  it.each<[unknown, { field: string; expected: string; found: string }]>([
    [{ name: 'Other' }, { field: 'name', expected: 'Other', found: 'group-7' }],
    [{ enabled: true }, { field: 'enabled', expected: 'true', found: 'false' }],
    [{ members: { has: [{ id: '12' }] } }, { field: 'members.has', expected: '12', found: 'not a member' }],
    [{ members: { hasNot: [{ id: '11' }] } }, { field: 'members.hasNot', expected: '11', found: 'a member' }],
  ])('rejects the change where it is not: %j', (expected, difference) => {
    expect(expecting(expected)).toMatchObject({
      code: 'precondition-failed',
      sentence: expect.stringContaining(
        `${difference.field} ${difference.expected}, "group-7" has ${difference.found}`,
      ),
      path: 'expect',
      details: { differences: [difference] },
    });
  });

  it('is told in full, up to fifty differences', () => {
    expect(expecting({ name: 'Other', enabled: true })).toMatchObject({
      details: { differences: [{ field: 'name' }, { field: 'enabled' }] },
    });
    const ids = Array.from({ length: 60 }, (_, index) => `${100 + index}`);
    const view = aView(found(group), { applications: asApplications(...ids.map((id) => anApplication(id))) });
    expect(expecting({ members: { has: ids.map((id) => ({ id })) } }, view)).toMatchObject({
      details: { differences: expect.objectContaining({ length: 50 }) },
    });
  });
});
