import { describe, expect, it } from 'vitest';
import type { DriftInput } from '../../../../../shared/domain/drift/compare/compare-drift.ts';
import { desiredFrom, reportOf } from '../../ledger-items.ts';
import { application, created, listOf, live } from './samples.ts';

/** A finding names the writer of what it is about. */

const SETTLED = 1_700_000_000;
const minutes = (count: number) => SETTLED + count * 60;
const web = created(1, '11', 'Web', ['101']);

describe('the writer of a group', () => {
  const by = (
    over: { modifiedBy?: string | undefined; modifiedTime?: number | undefined },
    ourWriters: string[] = [],
  ) =>
    reportOf(desiredFrom([web]), [live('11', 'Other', ['101'], { modifiedTime: undefined, ...over })], { ourWriters })
      .findings[0]?.writer;

  it('is named as far as ZPA does', () => {
    expect(by({ modifiedBy: '900' })).toEqual({ id: '900', of: 'group', kind: 'unknown' });
    expect(by({ modifiedBy: '900', modifiedTime: 0 })).toMatchObject({ at: '1970-01-01T00:00:00.000Z' });
    expect(by({ modifiedBy: '900', modifiedTime: 9e15 })).toEqual({ id: '900', of: 'group', kind: 'unknown' });
    expect(by({ modifiedBy: undefined })).toBeUndefined();
  });

  it.each([
    ['our client at the time of our write', '900', minutes(-1), 'own'],
    ['our client, by a clock that is ahead', '900', minutes(4), 'own'],
    ['our client at another time', '900', minutes(60), 'unknown'],
    ['our client before our write', '900', minutes(-60), 'unknown'],
    ['another client at the time of our write', '901', minutes(-1), 'unknown'],
  ])('by %s', (_, modifiedBy, modifiedTime, kind) => {
    expect(by({ modifiedBy, modifiedTime }, ['900'])).toMatchObject({ kind });
  });

  it('is called as the settings say', () => {
    const seen: unknown[] = [];
    const settings: DriftInput['settings'] = {
      nameWriter: (writer, fitsLedger) => {
        seen.push([writer.id, fitsLedger]);
        return { ...writer, name: 'Kim', kind: 'console' };
      },
      patternOf: () => 'none',
    };
    const found = live('11', 'Other', ['101'], { modifiedBy: '900', modifiedTime: SETTLED });
    const { findings } = reportOf(desiredFrom([web]), [found], { settings, ourWriters: ['900'] });
    expect(findings[0]?.writer).toMatchObject({ name: 'Kim', kind: 'console' });
    expect(seen).toContainEqual(['900', true]);
  });
});

describe('the writer of a membership', () => {
  const stamp = { modifiedBy: '800', modifiedTime: minutes(600) };

  it('is that of the application segment, as its new group shows it', () => {
    const there = live('99', 'X', ['101'], { members: new Map([['101', { name: 'wiki', ...stamp }]]) });
    const { findings } = reportOf(desiredFrom([web]), [live('11', 'Web'), there]);
    expect(findings).toMatchObject([
      { kind: 'removed', application: { name: 'wiki' }, writer: { id: '800', of: 'application', kind: 'unknown' } },
    ]);
  });

  it('or as the list of applications shows it, and not that of a group whose last write is ours', () => {
    const applications = listOf(application('101', undefined, stamp));
    const ours = live('11', 'Web', [], { modifiedBy: '900', modifiedTime: SETTLED });
    const writer = (over: Partial<DriftInput>) =>
      reportOf(desiredFrom([web]), [ours], { ourWriters: ['900'], ...over }).findings[0]?.writer;
    expect(writer({ applications })).toMatchObject({ id: '800', of: 'application' });
    expect(writer({ applications: listOf(application('101')) })).toBeUndefined();
  });

  it('is our own only where a change of ours named it at that time', () => {
    const kindOf = (id: string, modifiedTime: number) =>
      reportOf(desiredFrom([web]), [live('11', 'Web', ['777'], { modifiedTime: SETTLED })], {
        ourWriters: ['900'],
        applications: listOf(application(id, id === '777' ? '11' : undefined, { modifiedBy: '900', modifiedTime })),
      }).findings.find(({ facet }) => facet === `app:${id}`)?.writer?.kind;
    expect(kindOf('101', SETTLED)).toBe('own');
    expect(kindOf('101', minutes(60))).toBe('unknown');
    expect(kindOf('777', SETTLED)).toBe('unknown');
  });

  describe('is that of a group', () => {
    const [ours, theirs] = ['900', '950'];
    /** Writers of what differs: 101 has left its group, 777 has joined it. */
    const writers = (
      appAt: number,
      group: { modifiedBy: string; modifiedTime: number },
      over: Partial<DriftInput> = {},
      by = '800',
    ) => {
      const applications = listOf(
        application('101', undefined, { modifiedBy: by, modifiedTime: appAt }),
        application('777', '11', { modifiedBy: by, modifiedTime: appAt }),
      );
      const groups = [live('11', 'Web', ['777'], group)];
      return reportOf(desiredFrom([web]), groups, { ourWriters: [ours], applications, ...over }).findings.map(
        ({ kind, writer }) => `${kind} by ${writer?.id} of ${writer?.of}`,
      );
    };
    const terraform = { modifiedBy: theirs, modifiedTime: minutes(60) };
    const byGroup = ['removed by 950 of group', 'added by 950 of group'];
    const byApplication = ['removed by 800 of application', 'added by 800 of application'];

    it('if the application segment was last written before its approval, and the group after it', () => {
      expect(writers(minutes(-60), terraform).toSorted()).toEqual(byGroup.toSorted());
    });

    it('if our own write of that approval was the last one of the application segment', () => {
      const told = writers(SETTLED, terraform, {}, ours);
      expect(told).toContain('removed by 950 of group');
    });

    it('and not if the application segment was written after its approval, or the group was not', () => {
      expect(writers(minutes(30), terraform).toSorted()).toEqual(byApplication.toSorted());
      expect(writers(minutes(90), terraform).toSorted()).toEqual(byApplication.toSorted());
      const earlier = { modifiedBy: theirs, modifiedTime: minutes(-30) };
      expect(writers(minutes(-60), earlier).toSorted()).toEqual(byApplication.toSorted());
      const own = { modifiedBy: ours, modifiedTime: SETTLED };
      expect(writers(minutes(-60), own).toSorted()).toEqual(byApplication.toSorted());
    });

    it('or that of the group which took it over', () => {
      const left = live('11', 'Web', [], { modifiedBy: ours, modifiedTime: SETTLED });
      const taken = live('12', 'Mail', ['101'], {
        ...terraform,
        members: new Map([['101', { name: 'wiki', modifiedBy: '800', modifiedTime: minutes(-60) }]]),
      });
      const { findings } = reportOf(desiredFrom([web]), [left, taken], { ourWriters: [ours] });
      expect(findings).toMatchObject([{ kind: 'removed', writer: { id: theirs, of: 'group' } }]);
    });
  });
});
