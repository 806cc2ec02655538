import { describe, expect, it } from 'vitest';
import type { ChangeRequest } from '../../../../../shared/domain/change/change.ts';
import { type LedgerReading, workBetween } from '../../../../../shared/domain/drift/compare/ledger-work.ts';
import type { Facet } from '../../../../../shared/domain/drift/report.ts';
import type { SegmentGroup } from '../../../../../shared/domain/group/group.ts';
import type { ChangeRecord } from '../../../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../../../shared/domain/records/intent.ts';
import { type LaneRecord, newLane } from '../../../../../shared/domain/records/lane-record.ts';
import { aChange, anApproved, anUpdate, aRef } from '../../../../fakes/records.ts';
import {
  approvedFor,
  changeRecord,
  desiredFrom,
  liveGroup,
  outcomeOf,
  reportOf,
  settledWith,
} from '../../ledger-items.ts';
import { created, live, removedBy, stated } from './samples.ts';

/** Which findings changes explain: work that is being executed or has just ended, on the facets that it names. */

const NOW = 1_764_000_000_000;
const desired = desiredFrom([created(1, '11', 'Web', ['101']), created(2, '12', 'Mail', ['201'])]);

const reading = (over: Partial<LedgerReading> = {}): LedgerReading => ({
  at: NOW,
  lane: newLane('PRODUCTION:1234567890'),
  open: [],
  desired,
  ...over,
});
const between = (before: LedgerReading, after: LedgerReading, groups: SegmentGroup[] = []) =>
  workBetween(before, after, new Map(groups.map((group) => [group.id, group])), 60_000);

const PARTS: [string, string, Facet][] = [
  ['11', 'Web', 'exists'],
  ['11', 'Web', 'name'],
  ['11', 'Web', 'description'],
  ['11', 'Web', 'enabled'],
  ['11', 'Web', 'app:101'],
  ['11', 'Web', 'app:102'],
  ['12', 'Mail', 'exists'],
  ['12', 'Mail', 'enabled'],
  ['12', 'Mail', 'app:101'],
  ['12', 'Mail', 'app:201'],
];
/** The facets of these groups that work mutes. */
const muted = (work: ReturnType<typeof between>) =>
  PARTS.filter(([id, name, facet]) => {
    const app = facet.slice('app:'.length);
    const application = facet.startsWith('app:') ? { id: app, name: `app-${app}` } : undefined;
    return work({ id, names: [name], microtenantId: '0' }, facet, application) > 0;
  }).map(([id, , facet]) => `${id} ${facet}`);

const REF = aRef('K1');
const open = (change: ChangeRequest, over: Partial<ChangeRecord> = {}) =>
  aChange({ ref: REF, change, state: 'queued', ...over });
const working = (until = NOW + 60_000): LaneRecord => ({
  ...newLane('PRODUCTION:1234567890'),
  lease: { owner: 'w', until },
  working: { members: [{ ref: REF, generation: 1, sequence: 9 }], strikes: 0, since: NOW },
});
const common = { schemaVersion: 1, idempotencyKey: 'K1', tenant: 'acme-test' } as const;
const enabling = anUpdate({ group: { name: 'Web' }, set: { enabled: false } });

describe('a change that waits mutes nothing', () => {
  it.each<[string, Partial<ChangeRecord>, LaneRecord]>([
    ['for its time', { state: 'scheduled', scheduledFor: NOW + 1 }, newLane('x')],
    ['for its turn', { state: 'queued' }, newLane('x')],
    ['in a paused lane', { state: 'queued' }, { ...newLane('x'), paused: { by: 'b', reason: 'r', since: 1 } }],
    ['after the lease of its worker is over', { state: 'queued' }, working(NOW)],
    ['while the worker has another change', { ref: aRef('K2') }, working()],
  ])('%s', (_, over, lane) => {
    const both = reading({ open: [open(enabling, over)], lane });
    expect(muted(between(both, both))).toEqual([]);
  });
});

describe('a change that the worker has taken', () => {
  it.each<[string, ChangeRequest, string[]]>([
    ['enables', enabling, ['11 enabled']],
    ['renames', anUpdate({ group: { id: '11' }, set: { name: 'Mail' } }), ['11 name']],
    [
      'adds what is elsewhere',
      anUpdate({ group: { id: '12' }, set: {}, applications: { add: [{ name: 'app-101' }] } }),
      ['11 app:101', '12 app:101'],
    ],
    [
      'states the membership, and sends the rest elsewhere',
      anUpdate({ group: { id: '11' }, set: {}, applications: { replace: [{ id: '102' }] }, moveTo: { id: '12' } }),
      ['11 app:101', '11 app:102', '12 app:101', '12 app:201'],
    ],
    [
      'creates',
      {
        ...common,
        action: 'create',
        group: { name: 'Web' },
        applications: [{ id: '201' }],
        ifExists: 'reject',
      },
      ['11 exists', '11 name', '11 description', '11 enabled', '11 app:101', '11 app:102', '12 app:201'],
    ],
    [
      'deletes, and sends what is in it elsewhere',
      { ...common, action: 'delete', group: { id: '11' }, moveApplicationsTo: { name: 'Mail' } },
      [
        ...['11 exists', '11 name', '11 description', '11 enabled', '11 app:101', '11 app:102'],
        ...['12 app:101', '12 app:201'],
      ],
    ],
  ])('mutes what it %s', (_, change, expected) => {
    const busy = reading({ open: [open(change)], lane: working() });
    expect(muted(between(busy, reading()))).toEqual(expected);
    expect(muted(between(reading(), busy))).toEqual(expected);
  });

  it('mutes by a name in its own microtenant only', () => {
    const adding = anUpdate({ group: { name: 'Web' }, set: {}, applications: { add: [{ name: 'app-201' }] } });
    const create: ChangeRequest = {
      ...common,
      action: 'create',
      group: { name: 'Web' },
      applications: [],
      ifExists: 'reject',
    };
    for (const change of [enabling, adding, create]) {
      const busyIn = (microtenantId: string) =>
        muted(between(reading({ open: [open(change, { microtenantId })], lane: working() }), reading()));
      expect(busyIn('0')).not.toEqual([]);
      expect(busyIn('7')).toEqual([]);
    }
  });

  it('is known by its request alone, where its record cannot be read', () => {
    const busy = reading({ open: [{ ref: REF, change: enabling }], lane: working() });
    expect(muted(between(reading(), busy))).toEqual(['11 enabled']);
  });
});

describe('writes of an intent', () => {
  const web = liveGroup('11', { name: 'Web', applicationIds: ['101'] });
  const intent = (...writes: Intent['writes']): Intent => ({
    writeId: 'w',
    tenant: 'umbrella',
    members: [{ ref: REF, generation: 1, sequence: 9, ending: {} as never }],
    writes,
    cursor: 0,
    sendBefore: 0,
  });
  const fields = { name: 'Web', description: 'new', enabled: true, configSpace: 'DEFAULT' };
  const update = { kind: 'update', via: 'v2', groupId: '11', microtenantId: '0', fields } as const;
  const moving = intent({ write: { ...update, addedApps: [], deletedApps: ['101'] }, before: web });
  const taking = ['11 description', '11 app:101', '12 app:101'];

  it.each<[string, Partial<LaneRecord>, string[]]>([
    ['that may be under way, also without a lease', { intent: moving }, taking],
    ['that await their read-back', { answered: [moving] }, taking],
    [
      'that delete a group',
      { intent: intent({ write: { kind: 'delete', groupId: '12', microtenantId: '0' }, before: web }) },
      ['12 exists', '12 enabled', '12 app:101', '12 app:201'],
    ],
    [
      'that create a group, by its name and its id',
      {
        intent: {
          ...intent({
            write: { ...fields, kind: 'create', name: 'Other', applicationIds: ['201'], microtenantId: '0' },
            before: null,
          }),
          createdId: '11',
        },
      },
      ['11 exists', '11 name', '11 description', '11 enabled', '11 app:101', '11 app:102', '12 app:201'],
    ],
    [
      'that ended, of a change whose record cannot be read',
      {
        endedUnread: [
          {
            ref: REF,
            generation: 1,
            sequence: 9,
            outcome: outcomeOf(
              anApproved({ groupId: '11', fields: { name: 'X' }, members: { has: ['101'], hasNot: [] } }),
            ),
          },
        ],
      },
      ['11 name', '11 app:101', '12 app:101'],
    ],
  ])('%s mute what they alter', (_, over, expected) => {
    const busy = reading({ lane: { ...newLane('x'), ...over } });
    expect(muted(between(busy, reading()))).toEqual(expected);
    expect(muted(between(reading(), busy))).toEqual(expected);
  });

  it('that create a group mute none of its name in another microtenant', () => {
    const write = {
      ...fields,
      kind: 'create',
      name: 'Web',
      applicationIds: [] as string[],
      microtenantId: '7',
    } as const;
    const busy = reading({ lane: { ...newLane('x'), intent: intent({ write, before: null }) } });
    expect(muted(between(busy, reading()))).toEqual([]);
  });

  it('count the changes behind them', () => {
    const two = { ...moving, members: [...moving.members, { ...moving.members[0], ref: aRef('K2') } as never] };
    const work = between(reading({ lane: { ...newLane('x'), intent: two } }), reading());
    expect(work({ id: '11', names: [], microtenantId: '0' }, 'description')).toBe(2);
  });
});

describe('what ended while ZPA was read', () => {
  it('is a change that was open before and is no more, whatever its outcome', () => {
    const before = reading({ open: [open(enabling)] });
    expect(muted(between(before, reading()))).toEqual(['11 enabled']);
    const settled = open(enabling, { state: 'settled' });
    expect(muted(between(before, reading({ open: [settled] })))).toEqual(['11 enabled']);
    expect(muted(between(reading({ open: [settled] }), reading()))).toEqual([]);
  });

  it.each<[string, ReturnType<typeof settledWith>, string[]]>([
    ['a field', stated(9, '11', { description: 'new' }), ['11 exists', '11 description']],
    ['an application segment', stated(9, '11', {}, ['101']), ['11 exists', '11 app:101', '12 app:101']],
    [
      'the membership',
      settledWith(9, approvedFor('11', { members: { has: [], hasNot: [], exactly: ['101'] } })),
      ['11 exists', '11 app:101', '11 app:102', '12 app:101'],
    ],
    [
      'a deletion',
      removedBy(9, '11'),
      ['11 exists', '11 name', '11 description', '11 enabled', '11 app:101', '11 app:102'],
    ],
  ])('is a new statement of %s', (_, record, expected) => {
    const first = [created(1, '11', 'Web', ['101']), created(2, '12', 'Mail', ['201'])];
    expect(muted(between(reading(), reading({ desired: desiredFrom([...first, record]) })))).toEqual(expected);
  });

  it('is a group of which nothing was approved before', () => {
    const before = reading({ desired: desired.filter(({ groupId }) => groupId !== '12') });
    expect(muted(between(before, reading()))).toEqual(['12 exists', '12 enabled', '12 app:101', '12 app:201']);
  });

  it('is one change, open and settled', () => {
    const record = { ...stated(9, '11', { enabled: false }), state: 'queued' as const };
    const before = reading({ open: [{ ...record, change: enabling }] });
    const after = reading({
      desired: desiredFrom([created(1, '11', 'Web', ['101']), stated(9, '11', { enabled: false })]),
    });
    expect(between(before, after)({ id: '11', names: ['Web'], microtenantId: '0' }, 'enabled')).toBe(1);
  });
});

describe('a group that ZPA shows older than the lane saw it', () => {
  const all = ['11 exists', '11 name', '11 description', '11 enabled', '11 app:101', '11 app:102'];
  const seen = (over: object, at = NOW - 1000): LaneRecord => ({
    ...newLane('x'),
    seen: [{ groupId: '11', microtenantId: '0', at, name: 'Web', modifiedTime: 500, fields: 'f', members: 1, ...over }],
  });

  it.each<[string, LaneRecord, SegmentGroup[], string[]]>([
    ['by its stamp', seen({}), [live('11', 'Old', [], { modifiedTime: 499 })], all],
    ['by a later stamp is newer', seen({}), [live('11', 'Old', [], { modifiedTime: 501 })], []],
    ['by another state of the same second may be newer', seen({}), [live('11', 'Old', [], { modifiedTime: 500 })], []],
    ['is forgotten after a while', seen({}, NOW - 61_000), [live('11', 'Old', [], { modifiedTime: 499 })], []],
    ['as it was before it was created', seen({ created: true }), [], all],
    ['as it is no more', seen({ deleted: true }), [live('11', 'Web')], all],
    ['not at all', seen({}), [], []],
  ])('%s', (_, lane, groups, expected) => {
    expect(muted(between(reading({ lane }), reading(), groups))).toEqual(expected);
  });

  it('with the application segments that the lane moved', () => {
    const lane = seen({ left: ['201'] });
    const groups = [live('11', 'Web', ['201'], { modifiedTime: 499 })];
    expect(muted(between(reading({ lane }), reading(), groups))).toEqual([...all, '12 app:201']);
  });
});

describe('a finding under work', () => {
  it('is told with the number of changes, and is no drift', () => {
    const work = between(reading({ open: [open(enabling)], lane: working() }), reading());
    const report = reportOf(desired, [live('11', 'Web', ['101'], { enabled: false }), live('12', 'X', ['201'])], {
      atWork: () => work,
    });
    expect(report.findings).toMatchObject([
      { facet: 'enabled', state: 'in-flight', pending: 1 },
      { facet: 'name', state: 'new' },
    ]);
    expect(report.findings[1]).not.toHaveProperty('pending');
    expect(report.coverage.drifted).toBe(1);
  });

  it('is found by the approved name, the one it was seen with, and the live one', () => {
    const group = desiredFrom([
      changeRecord(1, { outcome: outcomeOf(approvedFor('11', { fields: { name: 'Web' } })) }),
    ]);
    const names: (readonly string[])[] = [];
    const atWork = () => (place: { names: readonly string[] }) => {
      names.push(place.names);
      return 0;
    };
    reportOf(group, [live('11', 'Internet')], { atWork });
    expect(names).toContainEqual(['Web', 'Group 11', 'Internet']);
  });
});
