import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../../shared/domain/drift/report.ts';
import type { LaneState } from '../../../../../shared/domain/drift/resolve/resolution.ts';
import { revertFindings } from '../../../../../shared/domain/drift/resolve/revert-findings.ts';
import { aGroup } from '../../sample-live.ts';
import { aDesired, aFinding, aLane } from './sample-lane.ts';

const WEB = aGroup('10', { name: 'Web!', description: 'edited', enabled: false, applicationIds: ['3'] });
const LAB = aGroup('11', { name: 'Lab', applicationIds: ['7'] });
const lane = aLane({ groups: [WEB, LAB], desired: [aDesired('10')] });
const NINE = { id: '9', name: 'Web', microtenantId: '0', tenant: 'acme' };

const bodiesOf = (findings: Finding[], state: LaneState = lane) =>
  revertFindings(findings, state).units.map((unit) => unit.map(({ body }) => body));
const reasonsOf = (findings: Finding[], state: LaneState = lane) => {
  const { units, unresolved } = revertFindings(findings, state);
  expect(units).toEqual([]);
  return unresolved.map(({ reason }) => reason);
};

describe('reverting findings', () => {
  it('puts back the approved values, and expects the drifted ones', () => {
    const findings = [
      aFinding('name', 'changed'),
      aFinding('description', 'changed'),
      aFinding('enabled', 'changed'),
      aFinding('app:3', 'added'),
      aFinding('app:4', 'removed', { to: 'no-group' }),
    ];
    expect(bodiesOf(findings)).toEqual([
      [
        {
          action: 'update',
          group: { id: '10' },
          expect: {
            name: 'Web!',
            description: 'edited',
            enabled: false,
            members: { has: [{ id: '3' }], hasNot: [{ id: '4' }] },
          },
          set: { name: 'Web', description: 'approved text', enabled: true },
          applications: { add: [{ id: '4' }], remove: [{ id: '3' }] },
          leaveUngrouped: true,
        },
      ],
    ]);
  });

  it('takes a moved application segment back into the group that tickets approved it into', () => {
    const back = (id: string, application: string) => ({
      action: 'update',
      group: { id },
      expect: { members: { hasNot: [{ id: application }] } },
      applications: { add: [{ id: application }] },
      takeFromOtherGroups: true,
    });
    expect(bodiesOf([aFinding('app:3', 'added', { from: { id: '11', name: 'Lab' } })])).toEqual([[back('11', '3')]]);
    expect(bodiesOf([aFinding('app:7', 'removed', { to: { id: '11', name: 'Lab' } })])).toEqual([[back('10', '7')]]);
  });

  it('names at most 1,000 application segments in one change, and the fields in the first', () => {
    const apps = Array.from({ length: 700 }, (_, index) => aFinding(`app:${index + 1}`, 'removed', { to: 'no-group' }));
    const [unit = []] = bodiesOf([...apps, aFinding('enabled', 'changed')]);
    const counted = unit.map((body) =>
      body.action === 'update' && body.applications !== undefined && 'add' in body.applications
        ? [body.applications.add?.length, body.expect?.members?.hasNot?.length, body.set]
        : [],
    );
    expect(counted).toEqual([
      [500, 500, { enabled: true }],
      [200, 200, undefined],
    ]);
  });

  it('creates a missing group with what was approved, moves back what is elsewhere, then accepts the old id as absent', () => {
    const desired = aDesired('9', { members: { '1': [1, 5], '2': [1, 5], '7': [1, 5], '8': [0, 5] } });
    const taken = aDesired('11', { members: { '2': [1, 6] }, last: { ...desired.last, sequence: 6 } });
    const state = aLane({ groups: [LAB], desired: [desired, taken], applicationIds: ['1', '2', '7', '8'] });
    expect(bodiesOf([aFinding('exists', 'missing', { group: NINE })], state)).toEqual([
      [
        {
          action: 'create',
          group: { name: 'Web' },
          description: 'approved text',
          enabled: true,
          applications: [{ id: '1' }],
        },
        { action: 'update', group: { name: 'Web' }, applications: { add: [{ id: '7' }] }, takeFromOtherGroups: true },
        { action: 'accept', group: { id: '9' }, state: 'absent' },
      ],
    ]);
  });

  it('leaves application segments out of a new group that are gone from ZPA, and says so', () => {
    const desired = aDesired('9', { members: { '1': [1, 5], '2': [1, 5] } });
    const { units, notes } = revertFindings(
      [aFinding('exists', 'missing', { group: NINE })],
      aLane({ desired: [desired], applicationIds: ['1'] }),
    );
    expect(units[0]?.[0]?.body).toMatchObject({ action: 'create', applications: [{ id: '1' }] });
    expect(notes).toContainEqual(expect.stringMatching(/gone from ZPA .*: 2\./));
    expect(notes).toContainEqual(expect.stringContaining('new id'));
  });

  it('puts nothing into a new group that a later ticket took out of every group', () => {
    const desired = aDesired('9', { members: { '1': [1, 5], '2': [1, 5] } });
    const { complete: _, ...later } = aDesired('11', { members: { '2': [0, 9] }, formerly: { '2': 8 } });
    const { units } = revertFindings(
      [aFinding('exists', 'missing', { group: NINE })],
      aLane({ desired: [desired, later], applicationIds: ['1', '2'] }),
    );
    expect(units[0]?.[0]?.body).toMatchObject({ action: 'create', applications: [{ id: '1' }] });
  });

  it('brings the live group of a missing one’s name to what was approved', () => {
    const desired = aDesired('9', { members: { '1': [1, 5] } });
    const state = aLane({ groups: [WEB], desired: [desired], applicationIds: ['1', '3'] });
    const finding = aFinding('exists', 'missing', { group: NINE, to: { id: '10', name: 'Web!' } });
    expect(bodiesOf([finding], state)).toEqual([
      [
        {
          action: 'update',
          group: { id: '10' },
          expect: { name: 'Web!', description: 'edited', enabled: false, members: { exactly: [{ id: '3' }] } },
          set: { name: 'Web', description: 'approved text', enabled: true },
          applications: { replace: [{ id: '1' }] },
          takeFromOtherGroups: true,
          leaveUngrouped: true,
        },
        { action: 'accept', group: { id: '9' }, state: 'absent' },
      ],
    ]);
  });

  it('expects no application segment in such a group that a change before it takes from there', () => {
    const old = aDesired('8', { name: { value: 'Old', sequence: 5, key: 'CHG1/1@A' }, members: { '3': [1, 5] } });
    const state = aLane({ groups: [WEB], desired: [old, aDesired('9', { members: {} })], applicationIds: ['3'] });
    const findings = [
      aFinding('exists', 'missing', { group: { ...NINE, id: '8', name: 'Old' } }),
      aFinding('exists', 'missing', { group: NINE, to: { id: '10', name: 'Web!' } }),
    ];
    const [[, taking] = [], [twin] = []] = bodiesOf(findings, state);
    expect(taking).toMatchObject({ applications: { add: [{ id: '3' }] }, takeFromOtherGroups: true });
    expect(twin).toMatchObject({ group: { id: '10' }, expect: { members: { exactly: [] } } });
  });

  it('deletes a group that was deleted by a ticket and lives again, if it is empty', () => {
    const empty = aLane({ groups: [aGroup('10', { name: 'Web' })] });
    expect(bodiesOf([aFinding('exists', 'resurrected')], empty)).toEqual([
      [{ action: 'delete', group: { id: '10' }, expect: { name: 'Web', members: { exactly: [] } } }],
    ]);
    expect(reasonsOf([aFinding('exists', 'resurrected')])).toEqual([
      'it holds 1 application segment, which a deletion cannot leave without a group',
    ]);
  });

  it('says what it cannot revert, and why', () => {
    expect(reasonsOf([aFinding('app:3', 'removed', { to: 'gone' })])).toEqual([
      'application segment 3 is gone from ZPA, and does not come back under this id',
    ]);
    expect(reasonsOf([aFinding('exists', 'unmanaged')])).toEqual(['no ticket ever approved a state of it']);
    expect(reasonsOf([aFinding('name', 'changed')], aLane({ groups: [{ ...WEB, readOnly: true }] }))).toEqual([
      'ZPA lets nobody write "Web!" (10): it is read-only',
    ]);
    expect(reasonsOf([aFinding('app:3', 'added', { from: { id: '99', name: 'Old' } })])).toEqual([
      'the application segment was approved into "Old" (99), which is missing',
    ]);
    expect(reasonsOf([aFinding('exists', 'changed')])).toEqual(['no change moves a group to another microtenant']);
    const { name: _, ...nameless } = aDesired('9');
    expect(reasonsOf([aFinding('exists', 'missing', { group: NINE })], aLane({ desired: [nameless] }))).toEqual([
      'tickets stated only a part of it and never its name, so the rest of it is not known',
    ]);
    expect(reasonsOf([aFinding('app:3', 'added', { state: 'in-flight' })])).toEqual(['a change to it is in progress']);
  });
});
