import { describe, expect, it } from 'vitest';
import { findPossiblyCreated, judgeUnanswered } from '../../../../functions/apply/rules/judge-intent.ts';
import { areDeltasIgnored, judgeReadBack } from '../../../../functions/apply/rules/judge-read-back.ts';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { decidableAt, writtenGroups } from '../../../../shared/domain/intent/intent-writes.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import type { Intent, PlannedWrite } from '../../../../shared/domain/records/intent.ts';
import { aGroup } from '../../domain/sample-live.ts';
import { deletion, update } from '../../domain/sample-writes.ts';

const OURS = '500';
const CONSOLE = '700';
const SENT = 1_700_000_100_000;

const content = { name: 'New', description: 'd', enabled: true, configSpace: 'DEFAULT', microtenantId: '0' };
const creation: PlannedWrite = { before: null, write: { kind: 'create', ...content, applicationIds: ['11'] } };

function intentOf(writes: PlannedWrite[], over: Partial<Intent> = {}): Intent {
  return { writeId: 'w-1', tenant: 'acme', members: [], writes, cursor: 0, sendBefore: SENT, ...over };
}

const group = aGroup('1', { applicationIds: ['11', '12'] });
const enabling = update(group, {}, { enabled: true });

it.each<[string, Partial<Intent>, number]>([
  [
    'once it can no longer be under way and its quiet period is over',
    {},
    SENT + TIMING.requestTimeoutMs + TIMING.quietPeriodMs,
  ],
  ['at once if nothing is under way', { sendBefore: 0 }, 0],
  ['at once if all are answered', { cursor: 1 }, 0],
])('a read decides about a write %s', (_, over, at) => {
  expect(decidableAt(intentOf([enabling], over), TIMING)).toBe(at);
});

describe('a write without a definite answer', () => {
  const intended = { ...group, enabled: true, modifiedBy: OURS, modifiedTime: 1_700_000_101 };

  it('is none when all are answered', () => {
    expect(() => judgeUnanswered(intentOf([enabling], { cursor: 1 }), [], undefined, TIMING)).toThrow('w-1');
  });

  it.each<[string, PlannedWrite, SegmentGroup | null, string]>([
    ['as intended', enabling, intended, 'ours'],
    ['as before', enabling, group, 'not-done'],
    ['neither', enabling, { ...intended, description: 'somebody else' }, 'unknown'],
    ['as before, but written since', enabling, { ...group, modifiedTime: 1_700_000_101 }, 'unknown'],
    ['gone', enabling, null, 'unknown'],
    ['gone, as it was to be', deletion(group), null, 'ours'],
    ['there still, as before', deletion(group), group, 'not-done'],
    ['there still, and edited', deletion(group), { ...group, name: 'Renamed' }, 'unknown'],
  ])('of a group that is %s', (_, planned, live, verdict) => {
    const groups = live === null ? [] : [live];
    expect(judgeUnanswered(intentOf([planned]), groups, OURS, TIMING)).toEqual({ verdict, live });
  });
});

describe('a create without a definite answer', () => {
  const made = aGroup('900', { ...content, applicationIds: ['11'], modifiedBy: OURS, creationTime: SENT / 1000 });
  const verdict = (live: SegmentGroup[], writer: string | undefined = OURS) =>
    judgeUnanswered(intentOf([creation]), live, writer, TIMING).verdict;
  const madeAt = (ms: number) => ({ ...made, creationTime: ms / 1000 });
  // Clocks may differ by two minutes, both ways.
  const first = SENT - TIMING.sendWithinMs - 120_000;
  const last = SENT + TIMING.requestTimeoutMs + TIMING.quietPeriodMs + 120_000;

  it('is not done where no group has the name', () => {
    expect(judgeUnanswered(intentOf([creation]), [], OURS, TIMING)).toEqual({ verdict: 'not-done', live: null });
  });

  it('is ours where one group has it that came about while we wrote, with what we asked for, by our client', () => {
    expect(judgeUnanswered(intentOf([creation]), [made], OURS, TIMING)).toEqual({ verdict: 'ours', live: made });
    const others = [verdict([made], undefined), verdict([madeAt(first)]), verdict([madeAt(last)])];
    expect(others).toEqual(['ours', 'ours', 'ours']);
  });

  it.each<[string, SegmentGroup[]]>([
    ['several groups have it', [made, { ...made, id: '901' }]],
    ['it holds something else', [{ ...made, applicationIds: [] }]],
    ['it was there before', [madeAt(first - 1)]],
    ['it came later', [madeAt(last + 1)]],
    ['nobody knows when it came', [{ ...made, creationTime: undefined }]],
    ['somebody else wrote it', [{ ...made, modifiedBy: CONSOLE }]],
  ])('is unknown where %s', (_, live) => {
    expect(verdict(live)).toBe('unknown');
    expect(judgeUnanswered(intentOf([creation]), live, OURS, TIMING).live).toBe(live[0]);
  });
});

describe('the groups of an intent', () => {
  it('are each as before its first write, and as they should be after its last', () => {
    const emptied = { ...group, applicationIds: [], modifiedBy: undefined, modifiedTime: undefined };
    const other = aGroup('2');
    const writes = [
      update(group, { deletedApps: ['11', '12'] }),
      update(other, { addedApps: ['11'] }),
      deletion(emptied),
    ];
    expect(writtenGroups(intentOf(writes))).toEqual([
      { groupId: '1', before: group, expected: null },
      { groupId: '2', before: other, expected: expect.objectContaining({ applicationIds: ['11'] }) },
    ]);
  });

  it('are called by the id that ZPA gave a new one', () => {
    expect(writtenGroups(intentOf([creation], { createdId: '900' }))).toMatchObject([{ groupId: '900', before: null }]);
  });
});

describe('after ZPA said yes', () => {
  const other = aGroup('2', { applicationIds: ['21'] });
  const one = writtenGroups(intentOf([enabling]));
  const two = writtenGroups(intentOf([update(group, { deletedApps: ['11'] }), update(other, { addedApps: ['11'] })]));
  const seen = (...groups: (SegmentGroup | null)[]) =>
    new Map(groups.map((live, index) => [live?.id ?? `${index + 1}`, live]));
  const written = { ...group, enabled: true, modifiedBy: OURS, modifiedTime: 1_700_000_101 };

  const done = (...overtaken: object[]) => ({ verdict: 'done', overtaken });

  it('a group as intended is done, and what differs is somebody’s later edit', () => {
    expect(judgeReadBack(one, seen(written), OURS)).toEqual(done());
    const edited = { ...written, name: 'Renamed', description: 'by hand', enabled: false, modifiedBy: CONSOLE };
    expect(judgeReadBack(one, seen(edited), OURS)).toEqual(
      done(
        { field: 'name', expected: 'group-1', found: 'Renamed' },
        { field: 'description', expected: 'before', found: 'by hand' },
        { field: 'enabled', expected: 'true', found: 'false' },
      ),
    );
  });

  it('members that differ are counted and listed, at most twenty of a kind', () => {
    const extra = Array.from({ length: 30 }, (_, index) => `${100 + index}`);
    const found = (ids: string[]) => judgeReadBack(one, seen({ ...written, applicationIds: ids }), OURS);
    expect(found(['12', ...extra])).toEqual(
      done({
        ...{ field: 'applications', expected: '2 members' },
        found: `31 members; without 11; with ${extra.slice(0, 20).join(', ')}`,
      }),
    );
    expect(found(['11']).overtaken).toMatchObject([{ found: '1 members; without 12' }]);
  });

  it('a group that somebody deleted is said to be, and so is one that is there again after its deletion', () => {
    const gone = { field: 'group', expected: 'group-1', found: 'deleted' };
    expect(judgeReadBack(one, seen(null), OURS)).toEqual(done(gone));
    const deleted = writtenGroups(intentOf([deletion(group)]));
    expect(judgeReadBack(deleted, seen(null), OURS)).toEqual(done());
    const again = { field: 'group', expected: 'deleted', found: 'Again' };
    expect(judgeReadBack(deleted, seen({ ...group, name: 'Again', modifiedBy: CONSOLE }), OURS)).toEqual(done(again));
    expect(judgeReadBack(deleted, seen(group), OURS).verdict).toBe('without-effect');
  });

  const members = writtenGroups(intentOf([update(group, { deletedApps: ['11'], via: 'v1' })]));
  it.each<[string, ReturnType<typeof writtenGroups>, string | undefined, string | undefined, string]>([
    ['was not written', one, undefined, OURS, 'without-effect'],
    ['and that somebody else wrote since was undone by them', one, CONSOLE, OURS, 'done'],
    ['and that we wrote since was not written', one, OURS, OURS, 'without-effect'],
    ['under a stamp that nobody can place is anybody’s guess', one, CONSOLE, undefined, 'partly'],
    ['is so, too, where only memberships were asked for', members, CONSOLE, undefined, 'partly'],
    ['though to be deleted was not', writtenGroups(intentOf([deletion(group)])), CONSOLE, undefined, 'without-effect'],
    ['was not written, whoever we are', one, undefined, undefined, 'without-effect'],
    ['of which nothing new was asked is done', writtenGroups(intentOf([update(group)])), undefined, OURS, 'done'],
  ])('a group as before %s', (_, groups, stampedBy, writer, verdict) => {
    const stamp = stampedBy === undefined ? {} : { modifiedTime: 1_700_000_101, modifiedBy: stampedBy };
    const judged = judgeReadBack(groups, seen({ ...group, ...stamp }), writer);
    expect(judged).toMatchObject(verdict === 'without-effect' ? { verdict, overtaken: [] } : { verdict });
  });

  it('a new group that is not there was not written', () => {
    const created = writtenGroups(intentOf([creation], { createdId: '900' }));
    expect(judgeReadBack(created, new Map(), OURS).verdict).toBe('without-effect');
    expect(judgeReadBack(created, seen(aGroup('900', { ...content, applicationIds: ['11'] })), OURS)).toEqual(done());
  });

  it('a move of which one end shows is partly done, and what differs names its group', () => {
    const took = { ...other, applicationIds: ['11', '21'], enabled: true };
    expect(judgeReadBack(two, seen(group, took), OURS)).toEqual({
      verdict: 'partly',
      overtaken: [
        { field: 'applications of 1', expected: '1 members', found: '2 members; with 11' },
        { field: 'enabled of 2', expected: 'false', found: 'true' },
      ],
    });
    expect(judgeReadBack(two, seen(group, other), OURS).verdict).toBe('without-effect');
    const left = { ...group, applicationIds: ['12'] };
    expect(judgeReadBack(two, seen(left, { ...took, enabled: false }), OURS)).toEqual(done());
  });
});

describe('a write of memberships that a tenant ignores', () => {
  const planned = update(group, { addedApps: ['13'] });
  const verdict = (live: Partial<SegmentGroup>, writer: string | undefined, write: PlannedWrite) =>
    judgeUnanswered(intentOf([write]), [{ ...group, modifiedTime: 1_700_000_101, ...live }], writer, TIMING).verdict;

  const both = update(group, { addedApps: ['13'] }, { name: 'New' });
  const v1 = update(group, { addedApps: ['13'], via: 'v1' });
  const ours = { modifiedBy: OURS };

  it.each<[string, string, Partial<SegmentGroup>, string | undefined, PlannedWrite]>([
    ['ours', 'under our own stamp', ours, OURS, planned],
    ['ours', 'with its field', { ...ours, name: 'New' }, OURS, both],
    ['unknown', 'without its field', ours, OURS, both],
    ['unknown', 'under somebody else’s stamp', { modifiedBy: CONSOLE }, OURS, planned],
    ['unknown', 'while our stamp is not known', { modifiedBy: undefined }, undefined, planned],
    ['unknown', 'under an older stamp', { modifiedBy: undefined, modifiedTime: 1 }, undefined, planned],
    ['unknown', 'where anything differs', { ...ours, applicationIds: ['11'] }, OURS, planned],
    ['unknown', 'if only fields were written', ours, OURS, enabling],
    ['unknown', 'if it went through v1', ours, OURS, v1],
    ['unknown', 'if it was a delete', ours, OURS, deletion(group)],
  ])('is %s %s', (expected, _, live, writer, write) => {
    expect(verdict(live, writer, write)).toBe(expected);
  });
});

describe('a create without an answer that somebody renamed', () => {
  const made = aGroup('900', {
    ...{ ...content, name: 'Other', applicationIds: ['11'], modifiedBy: CONSOLE, creationTime: SENT / 1000 },
  });
  const found = (groups: SegmentGroup[], intent = intentOf([creation])) =>
    findPossiblyCreated(intent, groups, TIMING).map((one) => one.id);

  it('came about then, whatever somebody made of it since', () => {
    expect(found([made])).toEqual(['900']);
    expect(found([{ ...made, enabled: false, applicationIds: [] }])).toEqual(['900']);
    for (const creationTime of [SENT / 1000 - 3600, undefined]) expect(found([{ ...made, creationTime }])).toEqual([]);
  });

  it('is looked for after a create only', () => {
    expect(found([made], intentOf([enabling]))).toEqual([]);
    expect(found([made], intentOf([deletion(group)]))).toEqual([]);
    expect(found([made], intentOf([creation], { cursor: 1 }))).toEqual([]);
  });
});

describe('memberships that v2 ignored', () => {
  const STAMP = { modifiedBy: OURS, modifiedTime: 1_700_000_101 };
  const both = update(group, { addedApps: ['13'], deletedApps: ['11'] }, { name: 'New' });
  const joining = update(group, { addedApps: ['13'] });
  const viaV1 = update(group, { addedApps: ['13'], deletedApps: ['11'], via: 'v1' }, { name: 'New' });
  const renamed = { ...group, name: 'New', ...STAMP };
  const second = aGroup('2', { applicationIds: ['21'] });
  const move = [update(second, { deletedApps: ['21'] }), update(group, { addedApps: ['21'] })];
  const moved = [
    { ...second, ...STAMP },
    { ...group, ...STAMP },
  ];
  const ignored = (
    live: SegmentGroup[],
    writes: PlannedWrite[],
    { isKnown = true, movedOn = {}, cursor = writes.length } = {},
  ) =>
    areDeltasIgnored(
      intentOf(writes, { cursor }),
      new Map(live.map((one) => [one.id, one])),
      isKnown ? OURS : undefined,
      new Map(Object.entries(movedOn)),
    );

  it.each<[string, SegmentGroup[], PlannedWrite[], Parameters<typeof ignored>[2]?]>([
    ['all else of the write shows', [renamed], [both]],
    ['nothing else was asked for, under a new stamp', [{ ...group, ...STAMP }], [joining]],
    ['another application left, which ZPA does not stamp', [{ ...renamed, applicationIds: ['11'] }], [both]],
    ['somebody edited, and the stamp may be ours', [{ ...renamed, enabled: true }], [both], { isKnown: false }],
    ['the new stamp may be ours', [{ ...group, ...STAMP, modifiedBy: CONSOLE }], [joining], { isKnown: false }],
    ['no group of a move shows its part', moved, move, { movedOn: { 1: '2' } }],
    ['the rest of a move is not sent yet', moved, move, { cursor: 1 }],
  ])('are seen where %s', (_, live, writes, more) => {
    expect(ignored(live, writes, more)).toBe(true);
  });

  it.each<[string, SegmentGroup[], PlannedWrite[], Parameters<typeof ignored>[2]?]>([
    ['nothing shows, and the stamp is as before', [group], [joining]],
    ['nothing shows, not even the field', [{ ...group, ...STAMP }], [both]],
    ['all of it shows', [{ ...renamed, applicationIds: ['12', '13'] }], [both]],
    ['some of them show', [{ ...renamed, applicationIds: ['12'] }], [both]],
    ['the stamp is somebody else’s', [{ ...renamed, modifiedBy: CONSOLE }], [both]],
    ['the group is gone', [], [both]],
    ['they went through v1', [renamed], [update(group, { addedApps: ['13'], via: 'v1' }, { name: 'New' })]],
    ['they are to be written once more, through v1', [renamed], [both, viaV1], { cursor: 1 }],
    ['none were asked for', [renamed], [update(group, {}, { name: 'New' })]],
    [
      'one group of a move shows its part',
      [
        { ...second, applicationIds: [], ...STAMP },
        { ...group, ...STAMP },
      ],
      move,
    ],
    ['the applications are in a third group', moved, move, { movedOn: { 1: '3' } }],
    ['it was a delete', [renamed], [deletion(group)]],
    ['it was a create', [renamed], [creation]],
    ['nothing was written', [renamed], []],
  ])('are not, where %s', (_, live, writes, more) => {
    expect(ignored(live, writes, more)).toBe(false);
  });
});
