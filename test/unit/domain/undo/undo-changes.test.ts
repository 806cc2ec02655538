import { describe, expect, it } from 'vitest';
import { parseChange } from '../../../../shared/domain/change/parse-change.ts';
import { numberChanges } from '../../../../shared/domain/drift/resolve/number-changes.ts';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import type { Effect, GroupSummary, Outcome } from '../../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { DesiredGroup } from '../../../../shared/domain/records/desired-group.ts';
import { undoChanges } from '../../../../shared/domain/undo/undo-changes.ts';
import { aChange, aDesired, anApplied, aRef, aRejected } from '../../../fakes/records.ts';
import { aGroup } from '../sample-live.ts';

const WEB: GroupSummary = { name: 'Web', description: 'old', enabled: false, applicationCount: 1 };
const LAB = { id: '11', name: 'Lab' };

function anEffect(over: Partial<Effect>): Effect {
  return { groupId: '10', before: WEB, after: WEB, added: [], removed: [], ...over };
}

function applied(effect: Partial<Effect>, over: Partial<ChangeRecord> = {}): ChangeRecord {
  const outcome = anApplied({ effect: anEffect(effect) });
  return aChange({ ref: aRef('CHG1/1'), sequence: 5, state: 'settled', outcome, ...over });
}

const settledAs = (outcome: Outcome) => aChange({ ref: aRef('CHG1/9'), sequence: 9, state: 'settled', outcome });

type Lives = { groups?: (SegmentGroup | string)[]; desired?: DesiredGroup[] };
/** The resolution; a group that is named by its id alone is gone from ZPA. */
function undo(records: ChangeRecord[], { groups = [], desired = [] }: Lives = {}) {
  return undoChanges(records, {
    groups: new Map(groups.map((one) => (typeof one === 'string' ? [one, null] : [one.id, one]))),
    desired: new Map(desired.map((one) => [one.groupId, one])),
  });
}
const bodiesOf = (...args: Parameters<typeof undo>) => {
  const { units, unresolved } = undo(...args);
  expect(unresolved).toEqual([]);
  for (const { change } of numberChanges(units, 'CHG9', 'undo')) {
    const parsed = parseChange(change);
    expect(parsed.ok ? [] : parsed.faults).toEqual([]);
  }
  return units.map((unit) => unit.map(({ body }) => body));
};
const reasonsOf = (...args: Parameters<typeof undo>) => {
  const { units, unresolved } = undo(...args);
  expect(units).toEqual([]);
  return unresolved.map(({ id, reason }) => `${id}: ${reason}`);
};

describe('undo of an update', () => {
  it('puts back the fields and the members, and expects what the change left', () => {
    const after = { ...WEB, name: 'Web!', description: 'new', enabled: true };
    const change = applied({ after, added: ['1'], removed: ['2'] });
    const live = aGroup('10', { name: 'Web!', description: 'new', enabled: true, applicationIds: ['1', '3'] });
    expect(bodiesOf([change], { groups: [live] })).toEqual([
      [
        {
          action: 'update',
          group: { id: '10' },
          expect: {
            name: 'Web!',
            description: 'new',
            enabled: true,
            members: { has: [{ id: '1' }], hasNot: [{ id: '2' }] },
          },
          set: { name: 'Web', description: 'old', enabled: false },
          applications: { add: [{ id: '2' }], remove: [{ id: '1' }] },
          leaveUngrouped: true,
        },
      ],
    ]);
  });

  it('is in the tenant and microtenant of the change, and names the change', () => {
    const record = applied({ after: { ...WEB, enabled: true } });
    const change = { ...record, change: { ...record.change, microtenant: 'north' } };
    const { units } = undo([change], { groups: [aGroup('10', { enabled: true })] });
    expect(units).toMatchObject([[{ tenant: 'acme-test', microtenant: 'north', answers: ['CHG1/1'] }]]);
  });

  it('moves application segments back to where they were, out of where the change left them', () => {
    const moves = [
      { from: LAB, to: { id: '10', name: 'Web' }, applicationIds: ['1'] },
      { from: { id: '10', name: 'Web' }, to: { id: '12', name: 'Old' }, applicationIds: ['2'] },
    ];
    const groups = [aGroup('10', { applicationIds: ['1'] }), aGroup('11'), aGroup('12', { applicationIds: ['2'] })];
    expect(bodiesOf([applied({ added: ['1'], removed: ['2'], moves })], { groups })).toEqual([
      [
        {
          action: 'update',
          group: { id: '10' },
          expect: { members: { has: [{ id: '1' }] } },
          applications: { remove: [{ id: '1' }] },
          moveTo: { id: '11' },
        },
        {
          action: 'update',
          group: { id: '12' },
          expect: { members: { has: [{ id: '2' }] } },
          applications: { remove: [{ id: '2' }] },
          moveTo: { id: '10' },
        },
      ],
    ]);
  });

  it('names at most 1,000 application segments in one change, and the fields in the first', () => {
    const added = Array.from({ length: 700 }, (_, index) => String(index + 1));
    const live = aGroup('10', { enabled: true, applicationIds: added });
    const [unit = []] = bodiesOf([applied({ after: { ...WEB, enabled: true }, added })], { groups: [live] });
    expect(unit.map((body) => body.action === 'update' && [body.set, body.expect?.members?.has?.length])).toEqual([
      [{ enabled: false }, 500],
      [undefined, 200],
    ]);
  });
});

describe('undo of a create', () => {
  const after = { ...WEB, enabled: true };

  it('deletes the group, which is expected as it was left', () => {
    const live = aGroup('10', { name: 'Web', description: 'old', enabled: true });
    expect(bodiesOf([applied({ before: null, after })], { groups: [live] })).toEqual([
      [
        {
          action: 'delete',
          group: { id: '10' },
          expect: { name: 'Web', description: 'old', enabled: true, members: { exactly: [] } },
        },
      ],
    ]);
  });

  it('first lets its application segments leave', () => {
    const live = aGroup('10', { name: 'Web', description: 'old', enabled: true, applicationIds: ['1', '2'] });
    expect(bodiesOf([applied({ before: null, after, added: ['1', '2'] })], { groups: [live] })).toMatchObject([
      [
        {
          action: 'update',
          expect: { name: 'Web', members: { exactly: [{ id: '1' }, { id: '2' }] } },
          applications: { replace: [] },
          leaveUngrouped: true,
        },
        { action: 'delete', expect: { members: { exactly: [] } } },
      ],
    ]);
  });

  it('is refused where an application segment has joined since', () => {
    const live = aGroup('10', { name: 'Web', description: 'old', enabled: true, applicationIds: ['1', '7'] });
    const [reason] = reasonsOf([applied({ before: null, after, added: ['1'] })], { groups: [live] });
    expect(reason).toBe(
      'CHG1/1: application segment 7 is a member now; the group was last written by 900 at 2023-11-14T22:13:20Z',
    );
  });
});

describe('undo of a delete', () => {
  const moves = [{ from: { id: '10', name: 'Web' }, to: LAB, applicationIds: ['1'] }];
  const deleted = applied({ after: null, removed: ['1'], moves });

  it('creates the group with what it had, moves its application segments back, and says what is not known', () => {
    const lives = { groups: ['10', aGroup('11', { applicationIds: ['1'] })] };
    expect(bodiesOf([deleted], lives)).toEqual([
      [
        { action: 'create', group: { name: 'Web' }, description: 'old', enabled: false, applications: [] },
        {
          action: 'update',
          group: { id: '11' },
          expect: { members: { has: [{ id: '1' }] } },
          applications: { remove: [{ id: '1' }] },
          moveTo: { name: 'Web' },
        },
      ],
    ]);
    const { notes } = undo([deleted], lives);
    expect(notes).toEqual([expect.stringMatching(/"Web" \(10\).* new id.*configuration space/s)]);
  });

  it('is refused where the group lives again', () => {
    const groups = [aGroup('10'), aGroup('11', { applicationIds: ['1'] })];
    expect(reasonsOf([deleted], { groups })).toEqual([expect.stringContaining('the group exists again')]);
  });
});

describe('undo is refused where the same was written since', () => {
  const enabled = applied({ after: { ...WEB, enabled: true } });
  const later = { key: 'CHG2/1', source: 'helpdesk', ticket: 'CHG2', at: Date.parse('2026-11-29T10:00:00Z') };

  it.each([
    ['enabled', { enabled: false }, { after: { ...WEB, enabled: true } }, 'enabled is false now, not true'],
    ['name', { name: 'Mine' }, { after: { ...WEB, name: 'Web!' } }, 'name is "Mine" now, not "Web!"'],
    ['a member that left', {}, { added: ['1'] }, 'application segment 1 is no member of "group-10" (10) any more'],
    ['a member that is back', { applicationIds: ['2'] }, { removed: ['2'] }, 'application segment 2 is a member of'],
  ])('by somebody else: %s', (_, live, effect, says) => {
    expect(reasonsOf([applied(effect)], { groups: [aGroup('10', { name: 'group-10', ...live })] })).toEqual([
      expect.stringMatching(
        new RegExp(`${says.replaceAll(/[()]/g, '\\$&')}.*; the group was last written by 900 at 2023-11-14T22:13:20Z`),
      ),
    ]);
  });

  it('by a later change, also where that stated the same value', () => {
    const desired = aDesired({
      groupId: '10',
      enabled: { value: true, sequence: 8, key: 'CHG2/1' },
      members: {},
      last: { ...later, sequence: 8 },
      approvals: { '8': later },
    });
    expect(reasonsOf([enabled], { groups: [aGroup('10', { enabled: true })], desired: [desired] })).toEqual([
      'CHG1/1: change CHG2/1 of ticket CHG2 stated enabled at 2026-11-29T10:00:00Z',
    ]);
  });

  it('by a later change that stated a member, or the complete membership', () => {
    const added = applied({ added: ['1'] });
    const groups = [aGroup('10', { applicationIds: ['1'] })];
    const stated = { groupId: '10', last: { ...later, sequence: 8 }, approvals: { '8': later } };
    for (const desired of [
      aDesired({ ...stated, members: { '1': [1, 8] } }),
      aDesired({ ...stated, members: {}, complete: 8 }),
    ])
      expect(reasonsOf([added], { groups, desired: [desired] })).toEqual([
        'CHG1/1: change CHG2/1 of ticket CHG2 stated application segment 1 at 2026-11-29T10:00:00Z',
      ]);
  });

  it('but not where another facet was written since', () => {
    const desired = aDesired({
      groupId: '10',
      enabled: { value: true, sequence: 5, key: 'CHG1/1' },
      members: { '9': [1, 8] },
    });
    const groups = [aGroup('10', { enabled: true, description: 'edited', applicationIds: ['9'] })];
    expect(bodiesOf([enabled], { groups, desired: [desired] })).toHaveLength(1);
  });

  it('and where the group is gone', () => {
    expect(reasonsOf([enabled], { groups: ['10'] })).toEqual(['CHG1/1: the group is gone from ZPA']);
  });

  it('and where the ledger keeps only some of the application segments', () => {
    const groups = [aGroup('10', { applicationIds: ['1', '2'] })];
    expect(reasonsOf([applied({ added: ['1', '(3 more)'] })], { groups })).toEqual([
      expect.stringContaining('not all of its application segments'),
    ]);
  });
});

describe('undo of several changes', () => {
  const first = applied({ after: { ...WEB, name: 'Web 2' }, added: ['1'] });
  const second = applied(
    { before: { ...WEB, name: 'Web 2' }, after: { ...WEB, name: 'Web 3' }, removed: ['1'] },
    { ref: aRef('CHG1/2'), sequence: 6 },
  );
  const groups = [aGroup('10', { name: 'Web 3' })];
  const desired = [
    aDesired({ groupId: '10', name: { value: 'Web 3', sequence: 6, key: 'CHG1/2' }, members: { '1': [0, 6] } }),
  ];

  it('takes back the newest first, in one set, each expecting what the one before leaves', () => {
    expect(bodiesOf([first, second], { groups, desired })).toMatchObject([
      [
        { expect: { name: 'Web 3', members: { hasNot: [{ id: '1' }] } }, set: { name: 'Web 2' } },
        { expect: { name: 'Web 2', members: { has: [{ id: '1' }] } }, set: { name: 'Web' } },
      ],
    ]);
  });

  it('refuses what is below a change that is refused', () => {
    const edited = [aGroup('10', { name: 'Mine' })];
    expect(reasonsOf([first, second], { groups: edited, desired })).toEqual([
      expect.stringMatching(/^CHG1\/2: name is "Mine" now/),
      expect.stringMatching(/^CHG1\/1: change CHG1\/2 stated name/),
    ]);
  });

  it('keeps groups apart that have nothing to do with each other', () => {
    const other = applied({ groupId: '20', after: { ...WEB, enabled: true } }, { ref: aRef('CHG1/3'), sequence: 7 });
    const all = [...groups, aGroup('20', { enabled: true })];
    expect(bodiesOf([first, second, other], { groups: all, desired }).map((unit) => unit.length)).toEqual([1, 2]);
  });

  it('refuses what may have been written: an outcome that nobody knows, also before a redrive', () => {
    const unknown = aRejected({ code: 'outcome-unknown' });
    const { overtaken: _, ...resolution } = anApplied({ generation: 2 });
    const reason = 'CHG1/9: it is not known what it wrote to ZPA (outcome-unknown)';
    expect(reasonsOf([settledAs(unknown)])).toEqual([reason]);
    expect(reasonsOf([{ ...settledAs({ ...resolution, kind: 'unchanged' }), history: [unknown] }])).toEqual([reason]);
  });

  it('notes what changed nothing, and refuses what is still open', () => {
    const nothing = undo([settledAs(aRejected())]);
    expect(nothing).toEqual({ units: [], unresolved: [], notes: [expect.stringContaining('CHG1/9: nothing to undo')] });
    expect(reasonsOf([aChange({ ref: aRef('CHG1/8') })])).toEqual(['CHG1/8: it is still open']);
  });
});
