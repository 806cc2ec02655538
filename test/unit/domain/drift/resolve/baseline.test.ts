import { describe, expect, it } from 'vitest';
import { baseline } from '../../../../../shared/domain/drift/resolve/baseline.ts';
import { numberChanges } from '../../../../../shared/domain/drift/resolve/number-changes.ts';
import { aNotChecked } from '../../sample-drift.ts';
import { aGroup } from '../../sample-live.ts';
import { aDesired, aFinding, aLane } from './sample-lane.ts';

const named = (id: string, name: string, over = {}) => aGroup(id, { name, ...over });

const ALL = { tenant: 'acme', patterns: ['*'], findings: [], notChecked: [] };

describe('a baseline', () => {
  it('states the complete live state of each group that a pattern names', () => {
    const groups = [named('10', 'Web A', { applicationIds: ['2', '1'] }), named('11', 'Web B'), named('12', 'Lab')];
    const { units } = baseline({ ...ALL, patterns: ['Web*'], state: aLane({ groups }) });
    expect(units.flat().map(({ body }) => body)).toEqual([
      {
        action: 'accept',
        group: { id: '10' },
        state: {
          name: 'Web A',
          description: 'before',
          enabled: false,
          applications: { exactly: [{ id: '1' }, { id: '2' }] },
        },
      },
      {
        action: 'accept',
        group: { id: '11' },
        state: { name: 'Web B', description: 'before', enabled: false, applications: { exactly: [] } },
      },
    ]);
  });

  it('accepts no drift unseen: a group with a finding is left out, and named', () => {
    const groups = [named('10', 'Web'), named('11', 'Lab'), named('12', 'New')];
    const findings = [
      aFinding('app:3', 'added', { from: { id: '11', name: 'Lab' } }),
      aFinding('exists', 'unmanaged', { group: { id: '12', name: 'New', microtenantId: '0', tenant: 'acme' } }),
    ];
    const { units, unresolved } = baseline({ ...ALL, findings, state: aLane({ groups }) });
    expect(units.flat().map(({ body }) => body.group)).toEqual([{ id: '12' }]);
    expect(unresolved.map(({ group }) => group)).toEqual(['"Web" (10)', '"Lab" (11)']);
  });

  it('accepts nothing unseen: a group that was read and not compared is left out, and named', () => {
    const groups = [named('10', 'Web'), named('11', 'Lab')];
    const notChecked = [aNotChecked({ groupId: '10', code: 'record-malformed', reason: 'its record cannot be read' })];
    const { units, unresolved } = baseline({ ...ALL, notChecked, state: aLane({ groups }) });
    expect(units.flat().map(({ body }) => body.group)).toEqual([{ id: '11' }]);
    expect(unresolved).toMatchObject([
      { group: '"Web" (10)', reason: 'it was not compared (record-malformed): its record cannot be read' },
    ]);
  });

  it('names the parts of its tenant in which a group that a pattern names may be unread', () => {
    const notChecked = [
      aNotChecked({ microtenantId: '72', code: 'unreachable', reason: 'no answer' }),
      aNotChecked({ groupId: '99', code: 'group-malformed', reason: 'it cannot be parsed' }),
      aNotChecked({ tenant: 'another' }),
    ];
    const { unresolved } = baseline({ ...ALL, notChecked, state: aLane({ groups: [named('11', 'Lab')] }) });
    expect(unresolved).toMatchObject([
      { id: 'acme', group: 'microtenant 72', reason: 'not all of it could be read (unreachable): no answer' },
      { id: 'acme', group: '99', reason: 'not all of it could be read (group-malformed): it cannot be parsed' },
    ]);
  });

  it('leaves out what tickets stated completely, and groups of microtenants that the settings do not name', () => {
    const { complete: _, ...partly } = aDesired('11');
    const groups = [named('10', 'Web'), named('11', 'Lab'), named('12', 'South', { microtenantId: '72' })];
    const state = aLane({ groups, desired: [aDesired('10'), partly] });
    const { units } = baseline({ ...ALL, state });
    expect(units.flat().map(({ body }) => body.group)).toEqual([{ id: '11' }]);
  });

  it('makes one set of a tenant of 200 groups and 6,000 application segments, each change within the limits', () => {
    const ids = (index: number) =>
      Array.from({ length: 30 }, (_, n) => `2161962573314${String(index * 30 + n).padStart(5, '0')}`);
    const groups = Array.from({ length: 200 }, (_, n) =>
      named(String(1000 + n), `Web ${n}`, { applicationIds: ids(n), description: '"'.repeat(4000) }),
    );
    const { units } = baseline({ ...ALL, patterns: ['Web*'], state: aLane({ groups }) });
    const changes = numberChanges(units, 'CHG7', 'baseline').map(({ change }) => change);
    expect(changes.map(({ changeSet }) => changeSet?.index)).toEqual(groups.map((_, n) => n + 1));
    expect(new Set(changes.map(({ changeSet }) => changeSet?.id)).size).toBe(1);
    expect(new Set(changes.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(200);
    expect(Math.max(...changes.map((change) => Buffer.byteLength(JSON.stringify(change))))).toBeLessThan(64 * 1024);
  });

  it('keeps a change within the limits whatever the group holds', () => {
    const applicationIds = Array.from({ length: 6000 }, (_, n) => `9223372036854${String(n).padStart(6, '0')}`);
    const group = named('10', 'W'.repeat(255), { applicationIds, description: '\u{1F512}'.repeat(2000) });
    const { units, notes } = baseline({
      ...ALL,
      patterns: ['W*'],
      state: aLane({ groups: [group] }),
    });
    const changes = numberChanges(units, 'C'.repeat(64), 'baseline').map(({ change }) => change);
    expect(Math.max(...changes.map((change) => Buffer.byteLength(JSON.stringify(change))))).toBeLessThan(64 * 1024);
    expect(changes.flatMap(({ changeSet }) => changeSet?.onReject ?? [])).toEqual(Array(6).fill('stop'));
    expect(notes).toHaveLength(1);
  });
});
