import { describe, expect, it } from 'vitest';
import { canonicalChange } from '../../../../shared/domain/change/fingerprint.ts';
import { effectiveAction } from '../../../../shared/domain/change/if-exists.ts';
import { checkGrants } from '../../../../shared/domain/configuration/grants.ts';
import { decide } from '../../../../shared/domain/decide/decide.ts';
import { NEW_GROUP } from '../../../../shared/domain/decide/group-content.ts';
import type { LiveView } from '../../../../shared/domain/group/live-view.ts';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import { parsed, rawCreate, rawUpdate } from '../sample-changes.ts';
import { aGroup, ambiguous, anApplication, asApplications, aView, found, MISSING } from '../sample-live.ts';

const [A, B, MEMBER] = [anApplication('11'), anApplication('12'), anApplication('13')];
const webApps = aGroup('7', { name: 'Web Apps', enabled: true, applicationIds: ['13'] });
const orUpdate = (asked: Record<string, unknown> = {}) => parsed(rawCreate({ ifExists: 'update', ...asked }));
const view = (group: LiveView['group']) => aView(group, { applications: asApplications(A, B, MEMBER) });
const decided = (asked: Record<string, unknown> = {}, group: LiveView['group'] = found(webApps)) =>
  decide(orUpdate(asked), view(group), '0', () => undefined);

describe('a create that updates what exists', () => {
  it('is decided as the update that states the same', () => {
    const asked = { description: 'asked', enabled: false, applications: [{ id: '11' }, { name: 'app-12' }] };
    const { applications, ...set } = asked;
    const update = parsed(rawUpdate({ group: { name: 'Web Apps' }, set, applications: { add: applications } }));
    const expected = decide(update, view(found(webApps)), '0', () => undefined);
    expect(expected).toMatchObject({ kind: 'write', effect: { groupId: '7', added: ['11', '12'], removed: [] } });
    expect(decided(asked)).toEqual(expected);
  });

  it('leaves as they are the fields that it does not state, also those that a create has a default for', () => {
    expect(decided({ description: 'asked' })).toMatchObject({
      kind: 'write',
      transitions: [{ before: webApps, after: { enabled: true, description: 'asked', applicationIds: ['13'] } }],
      approved: { groupId: '7', fields: { description: 'asked' }, members: { has: [], hasNot: [] } },
    });
    expect(decided()).toMatchObject({ kind: 'unchanged', effect: { groupId: '7' }, approved: { fields: {} } });
  });

  it('brings what it states, also where that is the default of a create', () => {
    expect(decided({ enabled: false, description: '' })).toMatchObject({
      approved: { fields: { enabled: false, description: '' } },
      effect: { after: { enabled: false, description: '' } },
    });
  });

  it('lets members stay that it does not name, and says nothing of them', () => {
    const joined = decided({ applications: [{ id: '11' }] });
    expect(joined).toMatchObject({
      effect: { added: ['11'], removed: [] },
      approved: { members: { has: ['11'], hasNot: [] } },
    });
    expect(joined).not.toHaveProperty('approved.members.exactly');
  });

  it('is an ordinary create where no group has the name', () => {
    const ordinary = decide(parsed(rawCreate({ enabled: true })), view(MISSING), '0', () => undefined);
    expect(ordinary).toMatchObject({ kind: 'write', effect: { groupId: NEW_GROUP, before: null } });
    expect(decided({ enabled: true }, MISSING)).toEqual(ordinary);
  });

  it('is refused where several have the name', () => {
    expect(decided({}, ambiguous('7', '8'))).toMatchObject({
      code: 'group-name-ambiguous',
      path: 'group',
      details: { candidates: [{ id: '7' }, { id: '8' }] },
    });
  });

  it('is refused where an update would be', () => {
    const elsewhere = aView(found(webApps), { applications: asApplications(anApplication('11', aGroup('9'))) });
    const taking = orUpdate({ applications: [{ id: '11' }] });
    expect(decide(taking, elsewhere, '0', () => undefined)).toMatchObject({ code: 'application-in-other-group' });
    const managed = found({ ...webApps, readOnly: true });
    expect(decided({ enabled: false }, managed)).toMatchObject({ code: 'group-read-only' });
  });

  it('does not move a group into another config space, and does not ignore that it was asked for', () => {
    expect(decided({ configSpace: 'SIEM' })).toMatchObject({
      code: 'group-exists',
      path: 'configSpace',
      sentence: expect.stringMatching(/"Web Apps".*7.*DEFAULT.*SIEM/),
    });
    expect(decided({ configSpace: 'DEFAULT' })).toMatchObject({ kind: 'unchanged' });
    expect(decided({}, found({ ...webApps, configSpace: 'SIEM' }))).toMatchObject({ kind: 'unchanged' });
  });

  it('asks the grants for the group and what joins it, before it tells anything of the group', () => {
    const asked: unknown[] = [];
    const change = orUpdate({ configSpace: 'SIEM', applications: [{ id: '11' }] });
    const refused = decide(change, view(found(webApps)), '0', (names) => {
      asked.push(names);
      return reject('not-permitted', 'no');
    });
    expect(refused).toMatchObject({ code: 'not-permitted' });
    const names = { groupNames: ['Web Apps'], applicationNames: ['app-11'], unnamedApplications: [] };
    expect(asked).toEqual([names]);
  });
});

describe('the fingerprint of a create', () => {
  it('tells stated from left out where what exists would be updated', () => {
    const [unstated, stated] = [orUpdate(), orUpdate({ enabled: false, description: '', configSpace: 'DEFAULT' })];
    expect(canonicalChange(unstated)).not.toBe(canonicalChange(stated));
    expect(parsed(structuredClone(unstated))).toEqual(unstated);
  });

  it('is alike for stated and left out where what exists is an error, as in earlier releases', () => {
    const stated = { enabled: false, description: '', configSpace: 'DEFAULT', applications: [], ifExists: 'reject' };
    expect(canonicalChange(parsed(rawCreate()))).toBe(canonicalChange(parsed(rawCreate(stated))));
  });
});

describe('the grant of a create that updates what exists', () => {
  const grant = { tenants: ['acme-prod'], groups: ['*'], applications: ['*'], flags: [], changesPerHour: 10 };
  const asks = (...actions: ('create' | 'update')[]) =>
    checkGrants({ system: 'x', grants: [{ ...grant, actions }] } as never, orUpdate());

  it('holds both actions', () => {
    expect(asks('create', 'update')).toEqual({ ok: true, grant: 0 });
    expect(asks('create')).toMatchObject({ ok: false, sentence: expect.stringContaining('update') });
    expect(asks('update')).toMatchObject({ ok: false, sentence: expect.stringContaining('create') });
  });
});

describe('the action a change came to', () => {
  it('follows what was there', () => {
    const summary = { name: 'Web Apps', description: '', enabled: true, applicationCount: 0 };
    expect(effectiveAction(orUpdate(), { before: summary })).toBe('update');
    expect(effectiveAction(orUpdate(), { before: null })).toBe('create');
    expect(effectiveAction(orUpdate(), undefined)).toBe('create');
    expect(effectiveAction(parsed(rawUpdate()), { before: summary })).toBe('update');
  });
});
