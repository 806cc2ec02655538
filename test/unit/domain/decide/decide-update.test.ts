import { describe, expect, it } from 'vitest';
import { decide } from '../../../../shared/domain/decide/decide.ts';
import type { Permit } from '../../../../shared/domain/decide/decision.ts';
import type { LiveView } from '../../../../shared/domain/group/live-view.ts';
import type { Rejection } from '../../../../shared/domain/outcome/outcome.ts';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import { parsed, rawUpdate } from '../sample-changes.ts';
import { aGroup, ambiguous, anApplication, asApplications, aView, found } from '../sample-live.ts';

const allowed = () => undefined;
const other = aGroup('8', { applicationIds: ['21', '22'] });
const third = aGroup('9', { applicationIds: ['31'] });
const group = aGroup('7', { applicationIds: ['11', '12'] });
const applications = asApplications(
  ...['11', '12'].map((id) => anApplication(id, group)),
  ...['13', '14'].map((id) => anApplication(id)),
  ...['21', '22'].map((id) => anApplication(id, other)),
  anApplication('31', third),
);
const sources = new Map([
  ['8', other],
  ['9', third],
]);
const live = aView(found(group), { applications, sources });
const ids = (...list: string[]) => list.map((id) => ({ id }));
const updated = (asked: Record<string, unknown>, view: LiveView = live) =>
  decide(parsed(rawUpdate({ group: { id: '7' }, ...asked })), view, '0', allowed);
const unstamped = { modifiedBy: undefined, modifiedTime: undefined };

describe('an update of fields', () => {
  it('writes those it names; the others stay as they are', () => {
    const after = (fields: object) => [{ before: group, after: { ...group, ...unstamped, ...fields } }];
    for (const fields of [{ name: 'New' }, { description: 'new' }, { enabled: true }]) {
      expect(updated({ set: fields })).toMatchObject({ kind: 'write', transitions: after(fields) });
    }
  });

  it('approves those it names, and nothing else', () => {
    for (const fields of [{ name: 'New' }, { description: 'new' }, { enabled: true }]) {
      const approved = { groupId: '7', microtenantId: '0', fields, members: { has: [], hasNot: [] }, deleted: false };
      expect(updated({ set: fields })).toHaveProperty('approved', approved);
    }
  });

  it('is unchanged where all of it is so', () => {
    expect(updated({ set: { name: 'group-7', description: 'before', enabled: false } })).toMatchObject({
      kind: 'unchanged',
      effect: { groupId: '7', added: [], removed: [] },
      approved: { fields: { name: 'group-7', description: 'before', enabled: false } },
    });
  });

  it('gives no name that another group has', () => {
    const taken = aView(found(group), { nameTakenBy: [{ id: '8', name: 'New' }] });
    expect(updated({ set: { name: 'New' } }, taken)).toMatchObject({
      code: 'group-exists',
      sentence: expect.stringContaining('taken by 8'),
      path: 'set.name',
      details: { candidates: [{ id: '8', name: 'New' }] },
    });
    expect(updated({ set: { enabled: true } }, taken).kind).toBe('write');
    expect(updated({ set: { name: 'group-7', enabled: true } }, taken).kind).toBe('write');
  });

  it('gives a name that only the group itself bears', () => {
    const itself = aView(found(group), { nameTakenBy: [{ id: '7', name: 'New' }] });
    expect(updated({ set: { name: 'New' } }, itself).kind).toBe('write');
  });
});

describe('an update of memberships', () => {
  it('adds and removes what it names, by id, and approves exactly that', () => {
    const asked = { add: [{ name: 'app-14' }, { id: '13' }], remove: [{ id: '12' }, { id: '11' }] };
    expect(updated({ applications: asked, leaveUngrouped: true })).toMatchObject({
      kind: 'write',
      transitions: [{ before: group, after: { ...group, ...unstamped, applicationIds: ['13', '14'] } }],
      effect: { added: ['13', '14'], removed: ['11', '12'] },
      approved: { fields: {}, members: { has: ['13', '14'], hasNot: ['11', '12'] } },
    });
  });

  it('leaves in place what is there already, and out what is out already; that is approved as well', () => {
    expect(updated({ applications: { add: ids('11'), remove: ids('13') } })).toMatchObject({
      kind: 'unchanged',
      approved: { members: { has: ['11'], hasNot: ['13'] } },
    });
  });

  it('that states the whole membership puts in and takes out the difference, and approves exactly these', () => {
    expect(updated({ applications: { replace: ids('12', '13') }, leaveUngrouped: true })).toMatchObject({
      transitions: [{ after: { applicationIds: ['12', '13'] } }],
      approved: { members: { has: [], hasNot: [], exactly: ['12', '13'] } },
    });
    expect(updated({ applications: { replace: ids('11', '12') } }).kind).toBe('unchanged');
  });

  it('does not both add and remove one application under two references', () => {
    expect(updated({ applications: { add: [{ id: '13' }], remove: [{ name: 'app-13' }] } })).toMatchObject({
      code: 'invalid-change',
      sentence: expect.stringContaining('13 ("app-13")'),
      path: 'applications',
    });
  });

  it('leaves nothing without a group unless it says so', () => {
    expect(updated({ applications: { remove: ids('11', '13') } })).toMatchObject({
      code: 'would-leave-ungrouped',
      sentence: expect.stringMatching(/^1 application segment would/i),
      path: 'applications',
      details: { applications: ['11'] },
    });
    expect(updated({ applications: { replace: [] } })).toMatchObject({
      sentence: expect.stringMatching(/^2 application segments would/i),
      details: { applications: ['11', '12'] },
    });
    expect(updated({ applications: { remove: ids('13') } }).kind).toBe('unchanged');
  });

  it('lists at most a hundred applications that would be left', () => {
    const many = aGroup('7', { applicationIds: Array.from({ length: 120 }, (_, index) => `${1000 + index}`) });
    expect(updated({ applications: { replace: [] } }, aView(found(many)))).toMatchObject({
      details: { applications: expect.objectContaining({ length: 100 }) },
    });
  });

  it('takes nothing from another group unless it says so', () => {
    expect(updated({ applications: { add: ids('11', '13', '21') } })).toMatchObject({
      code: 'application-in-other-group',
      details: { applications: [{ id: '21' }] },
    });
  });
});

describe('an update that takes from other groups', () => {
  const taking = (...list: string[]) => ({ applications: { add: ids(...list) }, takeFromOtherGroups: true });

  it('writes the groups that give before its own, and approves both ends', () => {
    expect(updated(taking('11', '13', '21', '31'))).toEqual({
      kind: 'write',
      transitions: [
        { before: other, after: { ...other, ...unstamped, applicationIds: ['22'] } },
        { before: third, after: { ...third, ...unstamped, applicationIds: [] } },
        { before: group, after: { ...group, ...unstamped, applicationIds: ['11', '12', '13', '21', '31'] } },
      ],
      effect: expect.objectContaining({
        added: ['13', '21', '31'],
        moves: [
          { from: { id: '8', name: 'group-8' }, to: { id: '7', name: 'group-7' }, applicationIds: ['21'] },
          { from: { id: '9', name: 'group-9' }, to: { id: '7', name: 'group-7' }, applicationIds: ['31'] },
        ],
      }),
      approved: {
        groupId: '7',
        microtenantId: '0',
        fields: {},
        members: { has: ['11', '13', '21', '31'], hasNot: [] },
        deleted: false,
        others: [
          { groupId: '8', microtenantId: '0', fields: {}, members: { has: [], hasNot: ['21'] }, deleted: false },
          { groupId: '9', microtenantId: '0', fields: {}, members: { has: [], hasNot: ['31'] }, deleted: false },
        ],
      },
      reach: expect.objectContaining({ status: 'not-checked' }),
    });
  });

  it('is no move where nothing is in another group', () => {
    const decided = updated(taking('11', '13'));
    expect(decided).toMatchObject({ transitions: [{ before: group }] });
    expect(decided).not.toHaveProperty('effect.moves');
    expect(decided).not.toHaveProperty('approved.others');
  });

  it('does not cross microtenants', () => {
    const far = new Map([['8', { ...other, microtenantId: '77' }]]);
    for (const view of [aView(found(group), { applications, sources: far }), aView(found(group), { applications })]) {
      expect(updated(taking('21'), view)).toMatchObject({
        code: 'application-in-other-group',
        sentence: expect.stringMatching(
          /^application segment 21 \("app-21"\) is in ".*" \(8\), of another microtenant/,
        ),
        path: 'applications.add',
        remedy: expect.stringContaining('admin portal'),
      });
    }
  });

  it('names no group that the grants of its source do not cover', () => {
    const change = (fields: object) => parsed(rawUpdate({ group: { name: group.name }, ...fields }));
    const permit: Permit = ({ groupNames }) =>
      groupNames.every((name) => name === group.name) ? undefined : reject('not-permitted', 'no');
    const adding = change({ applications: { add: ids('11', '21') } });
    const rejected = decide(adding, aView(found(group), { applications }), '0', permit);
    expect(rejected).toMatchObject({
      code: 'application-in-other-group',
      sentence: 'application segment 21 ("app-21") is in a group outside your grants',
      details: { applications: [{ id: '21', group: 'a group outside your grants' }] },
      withheld: [{ application: '21', group: '8' }],
    });
    const { withheld: _, ...told } = rejected as Rejection;
    expect(JSON.stringify(told)).not.toContain('"8"');
    const taken = decide(change(taking('21')), aView(found(group), { applications }), '0', permit);
    expect(taken).toMatchObject({
      sentence: 'application segment 21 ("app-21") is in a group outside your grants, of another microtenant',
    });
    const sources = new Map([['8', { ...other, readOnly: true }]]);
    const managed = decide(change(taking('21')), aView(found(group), { applications, sources }), '0', permit);
    expect(managed).toMatchObject({ code: 'group-read-only', withheld: [{ group: '8' }] });
    expect(JSON.stringify({ ...managed, withheld: undefined })).not.toContain(other.name);
  });

  it('takes nothing from a group that ZPA manages', () => {
    const managed = new Map([['8', { ...other, readOnly: true }]]);
    expect(updated(taking('21'), aView(found(group), { applications, sources: managed }))).toMatchObject({
      code: 'group-read-only',
      details: { group: { id: '8' } },
    });
  });
});

describe('an update that sends on what leaves', () => {
  const sending = { applications: { remove: ids('11', '13') }, moveTo: { id: '8' } };
  const towards = (destination: LiveView['destination']) => aView(found(group), { applications, destination });

  it('writes the group that takes after its own, and approves both ends', () => {
    expect(updated(sending, towards(found(other)))).toMatchObject({
      transitions: [
        { before: group, after: { ...group, ...unstamped, applicationIds: ['12'] } },
        { before: other, after: { ...other, ...unstamped, applicationIds: ['11', '21', '22'] } },
      ],
      effect: {
        moves: [{ from: { id: '7', name: 'group-7' }, to: { id: '8', name: 'group-8' }, applicationIds: ['11'] }],
      },
      approved: {
        members: { has: [], hasNot: ['11', '13'] },
        others: [{ groupId: '8', members: { has: ['11'], hasNot: [] }, deleted: false }],
      },
    });
  });

  it('sends nothing on where nothing leaves', () => {
    const decided = updated({ ...sending, applications: { remove: ids('13') } }, towards(found(other)));
    expect(decided.kind).toBe('unchanged');
    expect(decided).not.toHaveProperty('effect.moves');
    expect(decided).not.toHaveProperty('approved.others');
  });

  it('needs one group to send it to, another one, that ZPA does not manage', () => {
    expect(updated(sending, towards(undefined))).toMatchObject({ code: 'group-not-found', path: 'moveTo' });
    expect(updated(sending, towards(ambiguous('8', '9')))).toMatchObject({
      code: 'group-name-ambiguous',
      path: 'moveTo',
    });
    expect(updated(sending, towards(found(group)))).toMatchObject({
      code: 'invalid-change',
      sentence: expect.stringContaining('"group-7"'),
      path: 'moveTo',
    });
    expect(updated(sending, towards(found({ ...other, readOnly: true })))).toMatchObject({ code: 'group-read-only' });
  });
});

describe('an update needs a grant', () => {
  const askedOf = (asked: Record<string, unknown>, view = live) => {
    const names: unknown[] = [];
    decide(parsed(rawUpdate({ group: { id: '7' }, ...asked })), view, '0', (resolved) => void names.push(resolved));
    return names;
  };

  it('for both names of a rename, and for the group once where it keeps its name', () => {
    const names = { applicationNames: [], unnamedApplications: [] };
    expect(askedOf({ set: { name: 'New' } })).toEqual([{ groupNames: ['group-7', 'New'], ...names }]);
    expect(askedOf({ set: { name: 'group-7' } })).toEqual([{ groupNames: ['group-7'], ...names }]);
    expect(askedOf({ set: { enabled: true } })).toEqual([{ groupNames: ['group-7'], ...names }]);
  });

  it('for every application it names, whether it is moved or not', () => {
    expect(askedOf({ applications: { add: ids('11', '13'), remove: ids('12') }, leaveUngrouped: true })).toEqual([
      { groupNames: ['group-7'], applicationNames: ['app-11', 'app-13', 'app-12'], unnamedApplications: [] },
    ]);
  });

  it('for both ends of a move', () => {
    const taking = { applications: { add: ids('21') }, takeFromOtherGroups: true };
    expect(askedOf(taking)).toMatchObject([{ groupNames: ['group-7', 'group-8'], applicationNames: ['app-21'] }]);
    const sending = { applications: { remove: ids('11') }, moveTo: { id: '9' } };
    const view = aView(found(group), { applications, destination: found(third) });
    expect(askedOf(sending, view)).toMatchObject([
      { groupNames: ['group-7', 'group-9'], applicationNames: ['app-11'] },
    ]);
  });

  it('for what leaves without being named, by its name or without one', () => {
    const emptying = { applications: { replace: [] }, moveTo: { id: '9' } };
    const view = aView(found(group), { memberNames: new Map([['12', 'app-12']]), destination: found(third) });
    expect(askedOf(emptying, view)).toEqual([
      { groupNames: ['group-7', 'group-9'], applicationNames: ['app-12'], unnamedApplications: ['11'] },
    ]);
  });

  it('before anything is told about the group: without one, that is all the answer', () => {
    const denied = (asked: Record<string, unknown>, view = live) =>
      decide(parsed(rawUpdate({ group: { id: '7' }, ...asked })), view, '0', () => reject('not-permitted', 'no'));
    const managed = aView(found({ ...group, readOnly: true }));
    expect(denied({ set: { enabled: true } })).toMatchObject({ code: 'not-permitted' });
    expect(denied({ set: { enabled: true } }, managed)).toMatchObject({ code: 'not-permitted' });
    expect(denied({ applications: { remove: ids('11') } })).toMatchObject({ code: 'not-permitted' });
  });
});
