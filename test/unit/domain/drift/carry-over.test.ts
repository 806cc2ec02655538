import { describe, expect, it } from 'vitest';
import { carryOver, type Earlier } from '../../../../shared/domain/drift/carry-over.ts';
import { addIgnore, type IgnoreRecord, noIgnores } from '../../../../shared/domain/drift/ignores.ts';
import { driftJson } from '../../../../shared/domain/drift/render/report-files.ts';
import type { DriftReport, Finding } from '../../../../shared/domain/drift/report.ts';
import { parseReport } from '../../../../shared/domain/drift/report-schema.ts';
import { TEST_START } from '../../../fakes/fake-clock.ts';
import { desiredFrom, reportOf } from '../ledger-items.ts';
import { aFinding, aNotChecked, aSurvey } from '../sample-drift.ts';
import { created, listing, live } from './compare/samples.ts';

const DAY = 24 * 60 * 60 * 1000;
const iso = (day: number) => new Date(TEST_START + day * DAY).toISOString();

/** The survey of a day, counted from 0. */
const surveyOf = (day: number, over: Parameters<typeof aSurvey>[0] = {}) =>
  aSurvey({
    startedAt: iso(day),
    finishedAt: iso(day),
    ...over,
    findings: (over.findings ?? []).map((one) => ({ ...one, since: { upTo: iso(day) } })),
    notChecked: (over.notChecked ?? []).map((one) => ({ ...one, since: iso(day) })),
  });

const carried = (survey: DriftReport, earlier: Earlier, ignores: readonly IgnoreRecord[] = []) =>
  carryOver(survey, { earlier, ignores, now: Date.parse(survey.startedAt) });

/** Reports of days in a row, each carried over from the one before it. */
function days(...surveys: Parameters<typeof aSurvey>[0][]): DriftReport[] {
  const reports: DriftReport[] = [];
  for (const [day, one] of surveys.entries()) reports.push(carried(surveyOf(day, one), reports.at(-1)));
  return reports;
}

const lastOf = (...surveys: Parameters<typeof aSurvey>[0][]): DriftReport => days(...surveys).at(-1) as DriftReport;
const statesOf = ({ findings }: DriftReport) => findings.map(({ id, state }) => `${id} ${state}`);

const one = aFinding();
const other = aFinding({ id: 'D-ffffffff', group: { id: '7202', name: 'Mail', microtenantId: '0', tenant: 'acme' } });
const withOne = { findings: [one] };
const unread = { findings: [], notChecked: [aNotChecked({ groupId: one.group.id })], complete: false };

const ignoreOf = (finding: Finding, over: { at?: number; until?: number } = {}): IgnoreRecord => {
  const request = { finding, reason: 'Agreed', by: 'anna', at: TEST_START, until: TEST_START + 10 * DAY, ...over };
  const result = addIgnore(noIgnores('BETA:1'), request);
  if (!result.ok) throw new Error(result.sentence);
  return result.added;
};

describe('the first report', () => {
  it('says that it is the first, and of nothing how old it is', () => {
    expect(lastOf(withOne)).toMatchObject({
      startedAfresh: 'no-earlier-report',
      findings: [{ id: one.id, state: 'new', since: { upTo: iso(0) } }],
      history: [{ at: iso(0), new: 1, still: 0, ignored: 0, closed: 0 }],
    });
    expect(lastOf(withOne).findings[0]?.since).toEqual({ upTo: iso(0) });
  });

  it.each<[string, Earlier]>([
    ['cannot be read', 'unreadable'],
    ['is of another lane', { ...lastOf(withOne), lane: 'BETA:2' }],
  ])('starts afresh and says so where the earlier one %s', (_, earlier) => {
    const report = carried(surveyOf(1, withOne), earlier);
    expect(report).toMatchObject({ startedAfresh: 'earlier-report-unreadable', history: [{ at: iso(1) }] });
    expect(report.findings[0]).toMatchObject({ state: 'new', since: { upTo: iso(1) } });
  });
});

describe('a finding', () => {
  it('is new once, and arose between two reports', () => {
    const [, first, second] = days({}, withOne, withOne);
    expect(first?.findings[0]).toMatchObject({ state: 'new', since: { after: iso(0), upTo: iso(1) } });
    expect(second?.findings[0]).toMatchObject({ state: 'still', since: { after: iso(0), upTo: iso(1) } });
    expect(second?.startedAfresh).toBeUndefined();
  });

  it('is closed when its group was read without it, and new when it is back', () => {
    const [, closed, back] = days(withOne, {}, withOne);
    expect(closed?.closed).toEqual([
      {
        id: one.id,
        kind: 'changed',
        facet: 'description',
        group: { id: '7201', name: 'Web' },
        tenant: 'acme',
        at: iso(1),
      },
    ]);
    expect(back?.closed).toEqual([]);
    expect(back?.findings[0]).toMatchObject({ state: 'new', since: { after: iso(1), upTo: iso(2) } });
  });

  it('keeps its age over a report that could not read its group, which closes nothing', () => {
    const [, hidden, again] = days(withOne, unread, withOne);
    expect(hidden).toMatchObject({ findings: [], closed: [], unchecked: [{ id: one.id, since: { upTo: iso(0) } }] });
    expect(again?.findings[0]).toMatchObject({ state: 'still', since: { upTo: iso(0) } });
    expect(again?.unchecked).toBeUndefined();
    expect(lastOf(withOne, unread, unread, {}).closed).toMatchObject([{ id: one.id, at: iso(3) }]);
  });

  it.each([
    ['an object of the list has no id', [listing(undefined, [live('11', 'Web')], { unreadable: [{ why: 'odd' }] })]],
    [
      'a list is not read that holds the group too',
      [listing('0', [live('11', 'Web')]), listing(undefined, [], { result: { failure: { code: 'x', reason: 'x' } } })],
    ],
  ])('is closed when its group was read without it, though %s', (_, listings) => {
    const desired = desiredFrom([created(1, '11', 'Web')]);
    const last = carried(reportOf(desired, [live('11', 'Edited')]), undefined);
    const report = carried(reportOf(desired, [], { listings }), last);
    expect(report).toMatchObject({ complete: false, closed: [{ facet: 'name', group: { id: '11' } }] });
    expect(report.unchecked).toBeUndefined();
  });

  it('of a microtenant that the settings no longer name is neither there nor closed', () => {
    const elsewhere = { findings: [], onlyMicrotenants: ['5'] };
    const [, hidden, again] = days(withOne, elsewhere, withOne);
    expect(hidden).toMatchObject({ closed: [], unchecked: [{ id: one.id }] });
    expect(again?.findings).toMatchObject([{ state: 'still', since: { upTo: iso(0) } }]);
    expect(lastOf(elsewhere, withOne).findings[0]?.since).toEqual({ upTo: iso(1) });
    expect(lastOf(withOne, { findings: [], onlyMicrotenants: ['0', '5'] }).closed).toHaveLength(1);
  });

  it('that appears after unread reports arose after the last one that read its group', () => {
    expect(lastOf({}, unread, unread, withOne).findings[0]).toMatchObject({
      state: 'new',
      since: { after: iso(0), upTo: iso(3) },
    });
    expect(lastOf(unread, unread, withOne).findings[0]?.since).toEqual({ upTo: iso(2) });
  });

  it('whose difference is the opposite is another one', () => {
    const added = aFinding({ facet: 'app:1', kind: 'added', after: 'in the group' });
    const removed = aFinding({ facet: 'app:1', kind: 'removed', after: 'not in the group', to: 'no-group' });
    expect(lastOf({ findings: [added] }, { findings: [removed] })).toMatchObject({
      findings: [{ state: 'new', since: { after: iso(0), upTo: iso(1) } }],
      closed: [],
    });
  });

  it('is new again when somebody edits it once more, and as old as the difference is', () => {
    const edited = { findings: [aFinding({ after: 'edited again' })] };
    expect(lastOf(withOne, withOne, edited).findings).toMatchObject([{ state: 'new', since: { upTo: iso(0) } }]);
    expect(lastOf(withOne, edited, edited).findings).toMatchObject([{ state: 'still', since: { upTo: iso(0) } }]);
    const left = aFinding({ facet: 'app:1', kind: 'removed', after: 'not in the group', to: 'no-group' });
    const moved = { ...left, to: { id: '99', name: 'Contractors' } };
    expect(lastOf({ findings: [left] }, { findings: [moved] }).findings).toMatchObject([{ state: 'new' }]);
  });

  it('is the same in another form of the same text, and while a report does not say where its application is', () => {
    const [rd, escaped] = ['R&D', 'R&amp;D '].map((after) => ({ findings: [aFinding({ after })] }));
    expect(lastOf(rd ?? {}, escaped ?? {}).findings).toMatchObject([{ state: 'still' }]);
    const left = aFinding({ facet: 'app:1', kind: 'removed', after: 'not in the group', to: 'no-group' });
    const { to: _, ...unplaced } = left;
    for (const after of [unplaced, left])
      expect(lastOf({ findings: [left] }, { findings: [unplaced] }, { findings: [after] }).findings).toMatchObject([
        { state: 'still' },
      ]);
  });

  it('is new when its application is in another group than before reports that could not say where it is', () => {
    const left = aFinding({ facet: 'app:1', kind: 'removed', after: 'not in the group', to: { id: '98', name: 'A' } });
    const { to: _, ...unplaced } = left;
    const moved = { ...left, to: { id: '99', name: 'Contractors' } };
    const play = (...findings: Finding[]) => lastOf(...findings.map((each) => ({ findings: [each] })));
    expect(play(left, unplaced, unplaced, moved).findings).toMatchObject([{ state: 'new', since: { upTo: iso(0) } }]);
    expect(play(left, unplaced, unplaced, moved, moved).findings).toMatchObject([{ state: 'still' }]);
    expect(play(unplaced, moved).findings).toMatchObject([{ state: 'still' }]);
    const stored = parseReport(driftJson(play(left, unplaced)));
    expect(stored?.findings).toMatchObject([{ lastTo: { id: '98', name: 'A' } }]);
  });

  it('that a ticket ended and that is back by the next report is another event', () => {
    const approval = (day: number, key: string) => ({ key, source: 'desk', ticket: key, at: iso(day) });
    const before = { findings: [aFinding({ approval: approval(-5, 'CHG1') })] };
    const back = { findings: [aFinding({ approval: approval(1.5, 'CHG2') })] };
    expect(lastOf({}, before, back).findings).toMatchObject([{ state: 'new', since: { after: iso(1), upTo: iso(2) } }]);
    expect(lastOf({}, before, back, back).findings).toMatchObject([{ state: 'still', since: { upTo: iso(2) } }]);
    // A record may forget which change approved a facet.
    expect(lastOf(before, withOne, before).findings).toMatchObject([{ state: 'still', since: { upTo: iso(0) } }]);
    const older = { findings: [aFinding({ approval: approval(-9, 'CHG0') })] };
    expect(lastOf(before, older).findings).toMatchObject([{ state: 'still' }]);
  });

  describe('and its writer', () => {
    const by = (id: string, day: number, over: Partial<Finding> = {}) => ({
      findings: [aFinding({ writer: { id, at: iso(day), of: 'group', kind: 'unknown' }, ...over })],
    });
    const writerOf = (report: DriftReport) => report.findings[0]?.writer;

    it('is who had written when it was first seen: whoever wrote later did not make it', () => {
      const report = lastOf(by('kim', -0.5), by('terraform', 0.5), by('terraform', 0.5));
      expect(writerOf(report)).toMatchObject({ id: 'kim', at: iso(-0.5) });
    });

    it('is another one with another value, after a ticket ended it, and after changes were at work', () => {
      expect(writerOf(lastOf(by('kim', -0.5), by('sam', 0.5, { after: 'edited again' })))?.id).toBe('sam');
      const approval = { key: 'CHG2', source: 'desk', ticket: 'CHG2', at: iso(0.4) };
      const earlier = { ...approval, key: 'CHG1', at: iso(-9) };
      const [first, back] = [by('kim', -0.5, { approval: earlier }), by('sam', 0.5, { approval })];
      expect(writerOf(lastOf(first, back))?.id).toBe('sam');
      expect(writerOf(lastOf(by('own', -0.5, { state: 'in-flight', pending: 1 }), by('sam', -0.4)))?.id).toBe('sam');
    });

    it('is that one also after a change was at work on it that did not end it', () => {
      const atWork = { state: 'in-flight', pending: 1 } as const;
      const report = lastOf(by('kim', -0.5), by('own', 0.5, atWork), by('sam', 1.5));
      expect(writerOf(report)).toMatchObject({ id: 'kim', at: iso(-0.5) });
    });

    it('is the one that ZPA shows where none was known, and is called as the settings say by now', () => {
      expect(writerOf(lastOf(withOne, by('kim', -0.5)))?.id).toBe('kim');
      const named = by('kim', -0.5, {
        writer: { id: 'kim', at: iso(-0.5), of: 'group', kind: 'console', name: 'Kim' },
      });
      expect(writerOf(lastOf(by('kim', -0.5), named))).toMatchObject({ kind: 'console', name: 'Kim' });
      expect(writerOf(lastOf(by('kim', -0.5), withOne))?.id).toBe('kim');
    });
  });

  it('that changes were at work on is new when they are done and it is still there', () => {
    const inFlight = { findings: [aFinding({ state: 'in-flight', pending: 1 })] };
    const [first, second] = days(inFlight, withOne);
    expect(first?.findings).toMatchObject([{ state: 'in-flight', pending: 1 }]);
    expect(second?.findings).toMatchObject([{ state: 'new', since: { upTo: iso(0) } }]);
  });
});

describe('an ignored finding', () => {
  const ignored = { ...ignoreOf(one) };

  it('is shown with reason and end, and neither new nor still', () => {
    const report = carried(surveyOf(1, { findings: [one, other] }), lastOf(withOne), [ignored]);
    expect(statesOf(report)).toEqual([`${other.id} new`, `${one.id} ignored`]);
    expect(report.findings[1]?.ignored).toEqual({
      reason: 'Agreed',
      by: 'anna',
      at: iso(0),
      until: iso(10),
      live: 'written by hand',
    });
    expect(report.coverage.drifted).toBe(1);
    expect(report.history.at(-1)).toMatchObject({ new: 1, still: 0, ignored: 1 });
  });

  it.each<[string, number, Partial<Finding>]>([
    ['its time is over', 10, {}],
    ['another value is seen', 2, { after: 'edited again' }],
  ])('is new when %s', (_, day, over) => {
    const earlier = carried(surveyOf(1, withOne), lastOf(withOne), [ignored]);
    const report = carried(surveyOf(day, { findings: [aFinding(over)] }), earlier, [ignored]);
    expect(report.findings).toMatchObject([{ state: 'new', since: { upTo: iso(0) } }]);
    expect(report.findings[0]?.ignored).toBeUndefined();
  });

  it('is in flight while changes are at work on it', () => {
    const survey = surveyOf(1, { findings: [aFinding({ state: 'in-flight', pending: 2 })] });
    expect(carried(survey, lastOf(withOne), [ignored]).findings).toMatchObject([{ state: 'in-flight', pending: 2 }]);
  });
});

describe('what could not be read', () => {
  it('is unread since the first report that could not', () => {
    const report = lastOf({}, unread, { ...unread, notChecked: [aNotChecked({ groupId: '7201', code: 'deadline' })] });
    expect(report.notChecked).toMatchObject([{ code: 'deadline', since: iso(1) }]);
  });

  it('is so since a wider part was unread, and not since another part was', () => {
    const all = { notChecked: [aNotChecked()] };
    const microtenant = { notChecked: [aNotChecked({ microtenantId: '0' })] };
    expect(lastOf(all, microtenant, unread).notChecked[0]?.since).toBe(iso(2));
    const inIt = { notChecked: [aNotChecked({ groupId: '7201', microtenantId: '0' })] };
    expect(lastOf(all, microtenant, inIt).notChecked[0]?.since).toBe(iso(0));
    expect(lastOf({ notChecked: [aNotChecked({ microtenantId: '5' })] }, inIt).notChecked[0]?.since).toBe(iso(1));
    expect(lastOf(microtenant, all).notChecked[0]?.since).toBe(iso(1));
  });

  it('says since when a part of it is unread, by which a finding is not taken for younger than it may be', () => {
    const [microtenant, all] = [{ notChecked: [aNotChecked({ microtenantId: '0' })] }, { notChecked: [aNotChecked()] }];
    const reports = days({}, microtenant, all, { ...microtenant, findings: [] }, withOne);
    expect(reports.map(({ notChecked }) => notChecked.map(({ since, partSince }) => [since, partSince]))).toEqual([
      [],
      [[iso(1), undefined]],
      [[iso(2), iso(1)]],
      [[iso(2), iso(1)]],
      [],
    ]);
    expect(reports.at(-1)?.findings[0]?.since).toEqual({ after: iso(0), upTo: iso(4) });
  });

  it('begins anew after a report that read it', () => {
    expect(lastOf(unread, {}, unread).notChecked[0]?.since).toBe(iso(2));
  });
});

describe('the report', () => {
  it('names first what opens access, then what interrupts it, and new before still', () => {
    const harm = (id: string, exposes: boolean, interrupts: boolean) =>
      aFinding({ id, access: { read: 'read', exposes, interrupts, rules: [], ruleCount: 0 } });
    const earlier = [aFinding({ id: 'D-4' }), harm('D-3', false, true)];
    const later = [aFinding({ id: 'D-5' }), ...earlier, harm('D-2', false, true), harm('D-1', true, true)];
    expect(statesOf(lastOf({ findings: earlier }, { findings: later }))).toEqual([
      'D-1 new',
      'D-2 new',
      'D-3 still',
      'D-5 new',
      'D-4 still',
    ]);
  });

  it('counts groups that drifted, once each', () => {
    const twice = [one, { ...one, id: 'D-1', facet: 'name' as const }, other];
    expect(lastOf({ findings: twice, coverage: { managed: 5, notChecked: 1 } })).toMatchObject({
      coverage: { drifted: 2, managed: 5 },
      history: [{ new: 3, notChecked: 1, managed: 5 }],
    });
  });

  it('remembers ninety reports', () => {
    const reports = days(...Array.from({ length: 95 }, () => withOne));
    expect(reports.at(-1)?.history.map(({ at }) => at)).toEqual(Array.from({ length: 90 }, (_, day) => iso(day + 5)));
  });
});
