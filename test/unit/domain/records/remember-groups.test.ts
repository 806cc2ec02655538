import { describe, expect, it } from 'vitest';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import type { Intent, PlannedWrite } from '../../../../shared/domain/records/intent.ts';
import {
  withGroupMissing,
  withGroupRead,
  withHomes,
  withWrite,
} from '../../../../shared/domain/records/remember-groups.ts';
import { digestOf, digestOfFields, olderGroup, type SeenGroup } from '../../../../shared/domain/records/seen-groups.ts';
import { aGroup } from '../sample-live.ts';
import { deletion, update } from '../sample-writes.ts';

const WEB = aGroup('7', { name: 'Web', modifiedTime: 200, creationTime: 1, applicationIds: ['21', '22'] });
const LATER = 1_000_000;
const UNSTAMPED = { ...WEB, modifiedTime: undefined };
const entry = (over: Partial<SeenGroup> = {}): SeenGroup => ({
  ...{ groupId: '7', microtenantId: '0', at: 1000, name: 'Web' },
  ...over,
});
const READ = entry({ modifiedTime: 200, fields: digestOfFields(WEB), members: 2 });

describe('a read', () => {
  it('that is older does not set a remembered stamp back', () => {
    const seen = withGroupRead([], aGroup('7', { description: 'south', modifiedTime: 200 }), '0', 1000);
    expect(withGroupRead(seen, aGroup('7', { description: 'north', modifiedTime: 100 }), '0', 2000)).toBe(seen);
    const [later] = withGroupRead(seen, aGroup('7', { description: 'north', modifiedTime: 201 }), '0', 2000);
    expect(later).toMatchObject({ modifiedTime: 201, at: 2000 });
  });

  it.each([
    ['just created by somebody else is missing: a replica lags', 1_000, true],
    ['created long ago is missing: it is deleted', 600, false],
  ])('of a group that was %s', (_, creationTime, isOlder) => {
    const seen = withGroupRead([], aGroup('7', { modifiedTime: 1_000, creationTime }), '0', 1_000_000);
    expect(olderGroup(seen, '7', '0', null) !== undefined).toBe(isOlder);
  });

  it.each<[string, SeenGroup[], SegmentGroup, SeenGroup[]]>([
    ['is new', [], WEB, [{ ...READ, at: LATER }]],
    [
      'is of another group',
      [entry({ groupId: '8', modifiedTime: 300 })],
      WEB,
      [entry({ groupId: '8', modifiedTime: 300 }), { ...READ, at: LATER }],
    ],
    ['has no stamp', [], UNSTAMPED, []],
    ['was seen before', [READ], WEB, [READ]],
    [
      'was seen with other applications',
      [READ],
      { ...WEB, applicationIds: ['21'] },
      [{ ...READ, at: LATER, members: 1 }],
    ],
    ['was seen with another description', [{ ...READ, fields: 'other' }], WEB, [{ ...READ, at: LATER }]],
    [
      'has a later stamp',
      [{ ...READ, modifiedTime: 199, replaced: 'before', created: true }],
      WEB,
      [{ ...READ, at: LATER, created: true }],
    ],
    [
      'shows our write',
      [entry({ modifiedTime: 200, replaced: 'before', result: 'after' })],
      WEB,
      [{ ...READ, at: LATER, replaced: 'before' }],
    ],
    [
      'shows all that moved',
      [{ ...READ, joined: ['21'], left: ['23'] }],
      WEB,
      [{ ...READ, joined: ['21'], left: ['23'] }],
    ],
    [
      'no longer has what joined',
      [{ ...READ, joined: ['21', '23'], left: ['24'] }],
      WEB,
      [{ ...READ, joined: ['21'], left: ['24'] }],
    ],
    [
      'has again what left',
      [{ ...READ, joined: ['21'], left: ['22', '24'] }],
      WEB,
      [{ ...READ, joined: ['21'], left: ['24'] }],
    ],
    ['undoes all that moved', [{ ...READ, joined: ['23'], left: ['22'] }], WEB, [READ]],
  ])('of a state that %s', (_, seen, group, expected) => {
    expect(withGroupRead(seen, group, '0', LATER)).toEqual(expected);
  });
});

describe('a group that ZPA does not find', () => {
  it.each<[string, Partial<SeenGroup>, boolean]>([
    ['is deleted, where it was seen', { created: true }, true],
    ['is nothing new, where it was deleted already', { deleted: true }, false],
    ['says nothing of one in another microtenant', { microtenantId: '5' }, false],
    ['says nothing of another group', { groupId: '8' }, false],
  ])('%s', (_, known, isDeleted) => {
    const seen = [entry(known)];
    const after = withGroupMissing(seen, '7', '0', LATER);
    if (isDeleted) expect(after).toEqual([{ ...seen[0], at: LATER, deleted: true }]);
    else expect(after).toBe(seen);
  });
});

const creation = (applicationIds: string[] = []): PlannedWrite => ({
  before: null,
  write: {
    kind: 'create',
    ...{ name: 'Web', description: '', enabled: true, configSpace: 'DEFAULT', applicationIds, microtenantId: '0' },
  },
});

describe('a write that has succeeded', () => {
  const NEWER = { ...WEB, applicationIds: ['21'] };
  const moving = update(WEB, { addedApps: ['23'], deletedApps: ['22'] }, { name: 'Site' });
  const blind = { ...moving, before: null };
  const changed = entry({ at: LATER, name: 'Site', modifiedTime: 200, replaced: digestOf(WEB) });
  const other = entry({ groupId: '8' });
  it.each<[string, SeenGroup[], PlannedWrite, SegmentGroup | null, string | undefined, SeenGroup[]]>([
    ['creates a group', [], creation(), null, '7', [entry({ at: LATER, created: true })]],
    ['creates a group of an id not known yet', [other], creation(), null, undefined, [other]],
    ['creates a group that was read meanwhile', [READ], creation(), null, '7', [{ ...READ, created: true }]],
    [
      'deletes a group',
      [{ ...READ, created: true }],
      deletion(WEB),
      null,
      undefined,
      [entry({ at: LATER, deleted: true })],
    ],
    ['changes a group', [READ], moving, NEWER, undefined, [{ ...changed, result: digestOf(NEWER) }]],
    ['changes a group, of which the result is not known', [READ], moving, null, undefined, [changed]],
    ['changes a group not seen before', [other], moving, null, undefined, [other, changed]],
    [
      'changes a group just created',
      [{ ...READ, created: true }],
      moving,
      null,
      undefined,
      [{ ...changed, created: true }],
    ],
    [
      'changes a group whose result was read already',
      [{ ...READ, modifiedTime: 201 }],
      moving,
      null,
      undefined,
      [{ ...READ, modifiedTime: 201 }],
    ],
    ['changes a group of an unknown state', [], blind, null, undefined, [entry({ at: LATER, name: 'Site' })]],
    [
      'changes a group of a known stamp',
      [READ],
      blind,
      null,
      undefined,
      [entry({ at: LATER, name: 'Site', modifiedTime: 200 })],
    ],
    [
      'moves back what the lane moved',
      [{ ...READ, joined: ['22', '24'], left: ['23', '25'] }],
      moving,
      null,
      undefined,
      [{ ...changed, joined: ['24'], left: ['25'] }],
    ],
  ])('%s', (_, seen, write, after, createdId, expected) => {
    expect(withWrite(seen, write, after, createdId, LATER)).toEqual(expected);
  });
});

describe('the applications that an intent moved', () => {
  const homes = (seen: SeenGroup[], write: PlannedWrite, members: string[] = []) => {
    const intent: Intent = {
      ...{ writeId: 'w', tenant: 'acme', members: [], cursor: 1, sendBefore: 0, createdId: '9', writes: [write] },
    };
    const id = write.write.kind === 'create' ? '9' : '7';
    return withHomes(seen, intent, new Map([[id, aGroup(id, { applicationIds: members })]]));
  };
  const moving = update(WEB, { addedApps: ['23', '24'], deletedApps: ['22', '25'] });
  it.each<[string, SeenGroup[], PlannedWrite, string[], SeenGroup[]]>([
    ['as the read shows them', [entry()], moving, ['23', '25'], [entry({ joined: ['23'], left: ['22'] })]],
    ['and not where it shows none', [entry()], moving, ['22', '25'], [entry()]],
    [
      'beside those it moved before',
      [entry({ joined: ['22', '26'], left: ['23', '27'] })],
      moving,
      ['23', '26'],
      [entry({ joined: ['26', '23'], left: ['27', '22', '25'] })],
    ],
    ['and not in a group that was not seen', [entry({ groupId: '8' })], moving, ['23'], [entry({ groupId: '8' })]],
    ['and not in a group that is deleted', [entry({ deleted: true })], deletion(WEB), [], [entry({ deleted: true })]],
    [
      'into a group that it created',
      [entry({ groupId: '9' })],
      creation(['21']),
      ['21'],
      [entry({ groupId: '9', joined: ['21'] })],
    ],
    [
      'out of the group it had put them into before',
      [entry({ groupId: '8', joined: ['23', '28'] }), entry()],
      moving,
      ['23'],
      [entry({ groupId: '8', joined: ['28'] }), entry({ joined: ['23'], left: ['22', '25'] })],
    ],
  ])('are remembered %s', (_, seen, write, members, expected) => {
    expect(homes(seen, write, members)).toEqual(expected);
  });
});

describe('the memory is bounded', () => {
  it('to forty groups: the one added first is forgotten first', () => {
    const full = Array.from({ length: 40 }, (_, i) => entry({ groupId: String(100 + i) }));
    const ids = withWrite(full, creation(), null, '7', LATER).map(({ groupId }) => groupId);
    expect([ids.length, ids.at(0), ids.at(-1)]).toEqual([40, '101', '7']);
  });

  it('to three hundred moved applications: the earlier groups lose theirs', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => String(500 + i));
    const seen = [
      entry({ groupId: '1', joined: many(1) }),
      entry({ groupId: '2', joined: many(100), left: many(100) }),
      entry({ groupId: '3', left: many(100) }),
    ];
    const counts = withWrite(seen, creation(), null, '7', LATER).map(({ groupId, joined, left }) => [
      groupId,
      (joined?.length ?? 0) + (left?.length ?? 0),
    ]);
    expect(counts).toEqual([
      ['1', 0],
      ['2', 200],
      ['3', 100],
      ['7', 0],
    ]);
  });
});
