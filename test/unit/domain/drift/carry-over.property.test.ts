import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carryOver } from '../../../../shared/domain/drift/carry-over.ts';
import {
  addIgnore,
  endIgnores,
  type IgnoreList,
  ignoresEndedBy,
  noIgnores,
} from '../../../../shared/domain/drift/ignores.ts';
import type { DriftReport, Finding, NotChecked } from '../../../../shared/domain/drift/report.ts';
import { parseReport } from '../../../../shared/domain/drift/report-schema.ts';
import { TEST_START } from '../../../fakes/fake-clock.ts';
import { aFinding, aNotChecked, aSurvey } from '../sample-drift.ts';

const DAY = 24 * 60 * 60 * 1000;
const at = (day: number) => TEST_START + day * DAY;
const iso = (day: number) => new Date(at(day)).toISOString();

const GROUPS = ['1', '2', '3'];
const FACETS = ['name', 'description'] as const;
const FINDINGS = GROUPS.flatMap((id) =>
  FACETS.map((facet, index) =>
    aFinding({
      id: `D-000000${id}${index}`,
      facet,
      group: { id, name: `group ${id}`, microtenantId: id === '3' ? '5' : '0', tenant: 'acme' },
    }),
  ),
);

/** One day: the value of each finding that there is in truth, what cannot be read, and what a person ignores then. */
const days = fc.array(
  fc.record({
    live: fc.array(fc.option(fc.constantFrom('x', 'y'), { freq: 2 }), { minLength: 6, maxLength: 6 }),
    unread: fc.constantFrom<NotChecked[]>(
      [],
      [],
      [aNotChecked({ groupId: '1', microtenantId: '0' })],
      [aNotChecked({ microtenantId: '0' })],
      [aNotChecked()],
    ),
    ignored: fc.option(fc.nat(5), { freq: 3 }),
    forDays: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 1, maxLength: 12 },
);
type Day = typeof days extends fc.Arbitrary<(infer One)[]> ? One : never;

const isRead = (unread: readonly NotChecked[], { group }: Finding) =>
  unread.every(({ groupId, microtenantId }) =>
    groupId === undefined ? (microtenantId ?? group.microtenantId) !== group.microtenantId : groupId !== group.id,
  );

type Played = { day: Day; report: DriftReport; list: IgnoreList };

function play(all: readonly Day[]): Played[] {
  const played: Played[] = [];
  let list = noIgnores('BETA:1');
  for (const [index, day] of all.entries()) {
    const findings = FINDINGS.flatMap((one, place) => {
      const value = day.live[place] ?? null;
      return value === null || !isRead(day.unread, one) ? [] : [{ ...one, after: value, since: { upTo: iso(index) } }];
    });
    const notChecked = day.unread.map((one) => ({ ...one, since: iso(index) }));
    const survey = aSurvey({ startedAt: iso(index), finishedAt: iso(index), findings, notChecked });
    const last = played.at(-1)?.report;
    const earlier = last && parseReport(JSON.stringify(last));
    const report = carryOver(survey, { earlier, ignores: list.entries, now: at(index) });
    list = endIgnores(list, ignoresEndedBy(report, list.entries, at(index)), at(index));
    played.push({ day, report, list });
    const ignored = report.findings.find(({ id }) => day.ignored !== null && id === FINDINGS[day.ignored]?.id);
    if (ignored === undefined) continue;
    const added = addIgnore(list, {
      finding: ignored,
      reason: 'r',
      by: 'b',
      at: at(index) + 1,
      until: at(index + day.forDays),
    });
    if (added.ok) list = added.list;
  }
  return played;
}

const idsOf = (list: readonly { id: string }[] | undefined) => (list ?? []).map(({ id }) => id);

describe('reports in a row', () => {
  it('lose no finding, close none whose group was not read, and show each under its id', () => {
    fc.assert(
      fc.property(days, (all) => {
        let known: string[] = [];
        for (const { day, report } of play(all)) {
          const [shown, kept, closed] = [report.findings, report.unchecked, report.closed].map(idsOf);
          const every = [...(shown ?? []), ...(kept ?? []), ...(closed ?? [])];
          expect(new Set(every).size).toBe(every.length);
          expect(known.filter((id) => !every.includes(id))).toEqual([]);
          for (const finding of FINDINGS.filter((one) => !isRead(day.unread, one))) {
            expect(shown).not.toContain(finding.id);
            expect(closed).not.toContain(finding.id);
          }
          for (const id of closed ?? []) expect(known).toContain(id);
          known = [...(shown ?? []), ...(kept ?? [])];
        }
      }),
    );
  });

  it('say since when each is there, and are new once for each value, muted times apart', () => {
    fc.assert(
      fc.property(days, (all) => {
        const begun = new Map<string, { after?: string; upTo: string }>();
        const lastRead = new Map<string, string>();
        const told = new Map<string, string>();
        for (const [index, { day, report }] of play(all).entries()) {
          for (const [place, one] of FINDINGS.entries()) {
            if (!isRead(day.unread, one)) continue;
            const after = lastRead.get(one.id);
            lastRead.set(one.id, iso(index));
            const shown = report.findings.find(({ id }) => id === one.id);
            expect(shown !== undefined).toBe((day.live[place] ?? null) !== null);
            if (shown === undefined) {
              begun.delete(one.id);
              told.delete(one.id);
              continue;
            }
            const since = begun.get(one.id) ?? { ...(after !== undefined && { after }), upTo: iso(index) };
            begun.set(one.id, since);
            expect(shown.since.upTo).toBe(since.upTo);
            // After reports that could read less and less, the bound may be an earlier one; it is never a later one.
            if (shown.since.after !== undefined) expect(shown.since.after <= (since.after ?? '')).toBe(true);
            if (shown.state === 'ignored') told.delete(one.id);
            else expect(shown.state).toBe(told.get(one.id) === shown.after ? 'still' : 'new');
            if (shown.state !== 'ignored') told.set(one.id, shown.after);
          }
        }
      }),
    );
  });

  it('ignore only the value, only for the time, and never again once it ended', () => {
    fc.assert(
      fc.property(days, (all) => {
        const over = new Set<string>();
        for (const [index, { report, list }] of play(all).entries()) {
          for (const { id, state, ignored, after } of report.findings) {
            if (state !== 'ignored') continue;
            expect(ignored?.live).toBe(after);
            expect(Date.parse(ignored?.until ?? '')).toBeGreaterThan(at(index));
            expect(over.has(`${id} ${ignored?.at}`)).toBe(false);
          }
          for (const { id, at: since, ended } of list.entries) {
            if (ended !== undefined) over.add(`${id} ${new Date(since).toISOString()}`);
          }
        }
      }),
    );
  });

  it('remember as many reports as there were', () => {
    fc.assert(
      fc.property(days, (all) => {
        const reports = play(all).map(({ report }) => report);
        for (const [index, { history, findings, closed }] of reports.entries()) {
          expect(history.map((one) => one.at)).toEqual(reports.slice(0, index + 1).map(({ startedAt }) => startedAt));
          const { new: fresh = 0, still = 0, ignored = 0, closed: ended } = history.at(-1) ?? {};
          expect(fresh + still + ignored).toBe(findings.length);
          expect(ended).toBe(closed.length);
        }
      }),
    );
  });
});
