import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../../shared/domain/drift/report.ts';
import { acceptFindings } from '../../../../../shared/domain/drift/resolve/accept-findings.ts';
import type { LaneState } from '../../../../../shared/domain/drift/resolve/resolution.ts';
import { aGroup } from '../../sample-live.ts';
import { aDesired, aFinding, aLane } from './sample-lane.ts';

const WEB = aGroup('10', { name: 'Web', description: 'edited since', enabled: true, applicationIds: ['3', '4'] });
const LAB = aGroup('11', { name: 'Lab', description: '', enabled: false, applicationIds: ['5'] });
const lane = aLane({ groups: [WEB, LAB] });

const statesOf = (findings: Finding[], state: LaneState = lane) =>
  acceptFindings(findings, state).units.map((unit) => unit.map(({ body }) => body));

const accepting = (id: string, state: unknown) => ({ action: 'accept', group: { id }, state });

describe('accepting findings', () => {
  it('states the live values of the drifted facets and nothing else, one change per group', () => {
    const findings = [
      aFinding('description', 'changed', { after: 'as the report saw it' }),
      aFinding('enabled', 'changed'),
      aFinding('app:3', 'added'),
      aFinding('app:9', 'removed', { to: 'no-group' }),
    ];
    expect(statesOf(findings)).toEqual([
      [
        accepting('10', {
          description: 'edited since',
          enabled: true,
          applications: { has: [{ id: '3' }], hasNot: [{ id: '9' }] },
        }),
      ],
    ]);
  });

  it('approves both ends of a move', () => {
    const joined = aFinding('app:3', 'added', { from: { id: '11', name: 'Lab' } });
    const left = aFinding('app:7', 'removed', { to: { id: '11', name: 'Lab' } });
    expect(statesOf([joined])).toEqual([
      [accepting('10', { applications: { has: [{ id: '3' }] } })],
      [accepting('11', { applications: { hasNot: [{ id: '3' }] } })],
    ]);
    expect(statesOf([left])).toEqual([
      [accepting('10', { applications: { hasNot: [{ id: '7' }] } })],
      [accepting('11', { applications: { has: [{ id: '7' }] } })],
    ]);
  });

  it('says nothing of the group that a moved application was approved into, if that is missing', () => {
    const joined = aFinding('app:3', 'added', { from: { id: '99', name: 'Gone' } });
    expect(statesOf([joined])).toEqual([[accepting('10', { applications: { has: [{ id: '3' }] } })]]);
  });

  it('accepts a missing group as absent, and the group of its name with its complete state', () => {
    expect(
      statesOf([aFinding('exists', 'missing', { group: { ...aFinding('exists', 'missing').group, id: '9' } })]),
    ).toEqual([[accepting('9', 'absent')]]);
    const twin = aFinding('exists', 'missing', {
      group: { ...aFinding('exists', 'missing').group, id: '9' },
      to: { id: '10', name: 'Web' },
    });
    expect(statesOf([twin])).toEqual([[accepting('9', 'absent')], [accepting('10', COMPLETE)]]);
  });

  it.each(['unmanaged', 'resurrected'] as const)('states the complete live state of a group that is %s', (kind) => {
    expect(statesOf([aFinding('exists', kind), aFinding('description', 'changed')])).toEqual([
      [accepting('10', COMPLETE)],
    ]);
  });

  it('states a group of more members than a change may name in several changes, and says so', () => {
    const large = aGroup('10', { applicationIds: Array.from({ length: 2500 }, (_, index) => String(index + 1)) });
    const { units, notes } = acceptFindings([aFinding('exists', 'unmanaged')], aLane({ groups: [large] }));
    const stated = units[0]?.map(({ body }) => (body.action === 'accept' && body.state !== 'absent' ? body.state : {}));
    expect(stated?.map(({ applications = {} }) => ('has' in applications ? applications.has?.length : 0))).toEqual([
      1000, 1000, 500,
    ]);
    expect(stated?.map(({ name }) => name)).toEqual([large.name, undefined, undefined]);
    expect(notes).toEqual([expect.stringContaining('2500 application segments')]);
  });

  it('names the microtenant of the group as the settings do', () => {
    const group = { id: '10', name: 'Web', microtenantId: '72', tenant: 'split' };
    const { units } = acceptFindings([aFinding('app:3', 'added', { group })], lane);
    expect(units).toMatchObject([[{ tenant: 'split', microtenant: 'south' }]]);
  });

  describe('of a group that lives in another microtenant', () => {
    const group = { id: '10', name: 'Web', microtenantId: '71', tenant: 'split' };
    const moved = aFinding('exists', 'changed', { group, after: 'microtenant 72' });
    const approved = aDesired('10', { tenant: 'split', microtenantId: '71', members: { 3: [1, 5], 4: [1, 5] } });
    const there = { ...WEB, microtenantId: '72' };
    const accepted = (live: Partial<typeof WEB>, desired = approved, more: Finding[] = []) =>
      acceptFindings([moved, ...more], aLane({ groups: [{ ...there, ...live }], desired: [desired] }));

    it('is of the microtenant where it is, and states nothing that differs besides', () => {
      for (const [live, state] of [
        [{ enabled: false }, { name: 'Web' }],
        [{ name: 'Web!', enabled: false, description: 'approved text' }, { description: 'approved text' }],
        [{ name: 'Web!' }, { enabled: true }],
        [{ name: 'Web!', enabled: false }, { applications: { has: [{ id: '3' }] } }],
      ] as const) {
        const { units, unresolved } = accepted(live);
        expect([units.flat().map(({ body }) => body), unresolved]).toEqual([[accepting('10', state)], []]);
        expect(units).toMatchObject([[{ tenant: 'split', microtenant: 'south' }]]);
      }
    });

    it('is refused where all that tickets approved of it differs, unless some of that is accepted too', () => {
      const { members: _, ...rest } = approved;
      const bare = { ...rest, members: {} };
      const differing = { name: 'Web!', enabled: false };
      expect(accepted(differing, bare).unresolved).toMatchObject([{ reason: expect.stringContaining('differs too') }]);
      const { units, unresolved } = accepted(differing, bare, [aFinding('name', 'changed', { group })]);
      expect([units.flat().map(({ body }) => body), unresolved]).toEqual([[accepting('10', { name: 'Web!' })], []]);
      expect(units).toMatchObject([[{ microtenant: 'south' }]]);
    });
  });

  it('refuses what is in flight, what was not read, and a microtenant that the settings do not name', () => {
    const elsewhere = { id: '10', name: 'Web', microtenantId: '73', tenant: 'split' };
    const { units, unresolved } = acceptFindings(
      [
        aFinding('name', 'changed', { state: 'in-flight', pending: 1 }),
        aFinding('app:3', 'added', { group: elsewhere }),
        aFinding('exists', 'unmanaged', { group: { ...elsewhere, tenant: 'acme', microtenantId: '0', id: '404' } }),
      ],
      lane,
    );
    expect(units).toEqual([]);
    expect(unresolved.map(({ reason }) => reason)).toEqual([
      'a change to it is in progress',
      'the settings name no microtenant 73 of tenant "split"',
      'group 404 was not read',
    ]);
  });
});

const COMPLETE = {
  name: 'Web',
  description: 'edited since',
  enabled: true,
  applications: { exactly: [{ id: '3' }, { id: '4' }] },
};
