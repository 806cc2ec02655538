import { describe, expect, it } from 'vitest';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import {
  digestOf,
  digestOfFields,
  olderGroup,
  olderHome,
  olderSearch,
  type SeenGroup,
  stillSeen,
} from '../../../../shared/domain/records/seen-groups.ts';
import { aGroup, anApplication } from '../sample-live.ts';

/** Which reads show less than the lane has seen (docs/architecture.md#lagging-reads). */

const NOW = aGroup('7', { name: 'Web', modifiedTime: 200, applicationIds: ['21', '22'] });
const SHOWN = { modifiedTime: 200, fields: digestOfFields(NOW), members: 2 };
const seen = (over: Partial<SeenGroup> = {}): SeenGroup => ({
  ...{ groupId: '7', microtenantId: '0', at: 1000, name: 'Web' },
  ...over,
});
const UNSTAMPED = { ...NOW, modifiedTime: undefined };
const BEFORE = { ...NOW, applicationIds: ['21'] };
const written = { modifiedTime: 200, replaced: digestOf(BEFORE), result: digestOf(NOW) };

it.each([
  ['within the lag', 1000, 5999, [1000]],
  ['in the last instant of the lag', 1000, 6000, [1000]],
  ['no longer once the lag has passed', 1000, 6001, []],
  ['from now on, where it is of a later time', 9000, 5000, [5000]],
])('a state counts %s', (_, at, now, counts) => {
  expect(stillSeen([seen({ at })], now, 5000).map((one) => one.at)).toEqual(counts);
});

describe('a read of a group by its id', () => {
  it.each<[string, Partial<SeenGroup>, SegmentGroup | null, boolean]>([
    ['an earlier stamp', SHOWN, { ...NOW, modifiedTime: 199 }, true],
    ['a later stamp, whatever else', SHOWN, { ...BEFORE, name: 'Old', modifiedTime: 201 }, false],
    ['the same', SHOWN, NOW, false],
    ['fewer applications under the same stamp', SHOWN, BEFORE, false],
    ['more applications under the same stamp', { ...SHOWN, members: 1 }, NOW, true],
    ['any application, where it had none', { modifiedTime: 200, fields: SHOWN.fields }, NOW, true],
    ['another description under the same stamp', SHOWN, { ...NOW, description: 'other' }, true],
    ['no stamp', SHOWN, { ...UNSTAMPED, description: 'other' }, false],
    ['a state though none was seen', { created: true }, NOW, false],
    ['what our write replaced', written, BEFORE, true],
    ['what our write replaced, after a read has shown the result', { ...written, ...SHOWN }, BEFORE, true],
    ['the result of our write', written, NOW, false],
    ['neither before nor after our write, under the same stamp', written, { ...NOW, applicationIds: ['23'] }, true],
    ['anything, where the result of our write is not known', { modifiedTime: 200 }, BEFORE, false],
    ['a group that is deleted', { deleted: true, modifiedTime: 200 }, { ...NOW, modifiedTime: 300 }, true],
    ['none, though just created', { created: true }, null, true],
    ['none, though seen long after its creation', SHOWN, null, false],
    ['none, created and deleted', { created: true, deleted: true }, null, false],
    ['none, created in another microtenant', { created: true, microtenantId: '5' }, null, false],
  ])('that shows %s', (_, known, group, isOlder) => {
    expect(olderGroup([seen(known)], '7', '0', group)).toEqual(
      isOlder ? { of: 'segment group 7', seenAt: 1000 } : undefined,
    );
  });

  it.each<[string, Partial<SeenGroup>, number, boolean]>([
    ['that it still holds', { joined: ['22'] }, 200, true],
    ['that it does not hold', { joined: ['23'] }, 200, false],
    ['where it was changed since', { joined: ['22'], modifiedTime: 199 }, 200, false],
    ['where it was changed in the same second', { joined: ['22'], modifiedTime: 200 }, 200, true],
    ['where nothing joined', {}, 200, false],
  ])('after the lane added to another group an application %s', (_, other, modifiedTime, isOlder) => {
    const known = [seen({ groupId: '8', at: 3000, ...other })];
    expect(olderGroup(known, '7', '0', { ...NOW, modifiedTime })).toEqual(
      isOlder ? { of: 'segment group 7', seenAt: 3000 } : undefined,
    );
  });
});

describe('a search for a name', () => {
  const hit = (over: Partial<SegmentGroup> = {}) => [{ ...NOW, ...over }];
  it.each<[string, Partial<SeenGroup>, SegmentGroup[], boolean]>([
    ['finds the group that has it', { modifiedTime: 200 }, hit(), false],
    ['finds a group that is deleted', { deleted: true }, hit(), true],
    ['finds a group by its former name', { name: 'Site', modifiedTime: 200 }, hit(), true],
    ['finds a group that got the name since', { name: 'Site', modifiedTime: 199 }, hit(), false],
    ['finds a group that was renamed, without a stamp', { name: 'Site' }, hit(), true],
    ['does not find the group that has it', {}, [], true],
    ['does not find it, and another group', {}, hit({ id: '9' }), true],
    ['does not find a group that is deleted', { deleted: true }, [], false],
    ['does not find a group of another microtenant', { microtenantId: '5' }, [], false],
    ['does not find a group of another name', { name: 'Site' }, [], false],
  ])('that %s', (_, known, hits, isOlder) => {
    expect(olderSearch([seen(known)], 'Web', '0', hits)).toEqual(
      isOlder ? { of: 'segment group 7', seenAt: 1000 } : undefined,
    );
  });

  it('finds nothing to doubt where nothing was seen', () => {
    expect(olderSearch([], 'Web', '0', [])).toBeUndefined();
  });
});

describe('an application', () => {
  const shown = (groupId: string) => anApplication('21', groupId === '' ? undefined : aGroup(groupId));
  const LEFT = seen({ left: ['21'] });
  it.each<[string, SeenGroup[], string, boolean]>([
    ['in the group that it joined', [seen({ joined: ['21'] })], '7', false],
    ['in another group than the one it joined', [seen({ joined: ['21'] })], '8', true],
    ['in the group that it left', [seen({ left: ['21'] })], '7', true],
    ['in another group than the one it left', [seen({ left: ['21'] })], '8', false],
    ['where the group it joined is deleted', [seen({ joined: ['21'], deleted: true })], '8', false],
    ['where only others moved', [seen({ joined: ['22'], left: ['23'] })], '8', false],
    ['by its last move', [seen({ joined: ['21'] }), seen({ groupId: '8', joined: ['21'] })], '8', false],
    ['where it joined, whichever group was read last', [seen({ groupId: '8', joined: ['21'] }), LEFT], '8', false],
    ['in no group, though it joined one', [seen({ groupId: '8', joined: ['21'] }), LEFT], '', true],
    ['in one of two groups that it left', [LEFT, seen({ groupId: '8', left: ['21'] })], '7', true],
  ])('is shown %s', (_, known, groupId, isOlder) => {
    expect(olderHome(known, shown(groupId))).toEqual(isOlder ? { of: 'application 21', seenAt: 1000 } : undefined);
  });
});
