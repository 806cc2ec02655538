import { describe, expect, it } from 'vitest';
import { needsView } from '../../../../functions/ops/console/overview/needs-view.ts';
import type { DriftNews } from '../../../../functions/ops/console/overview/read-news.ts';
import type { Overview } from '../../../../functions/ops/console/overview/read-overview.ts';
import { reportsView } from '../../../../functions/ops/console/overview/reports-view.ts';
import { HARMS } from '../../../../shared/domain/drift/by-harm.ts';
import { TEST_START as NOW } from '../../../fakes/fake-clock.ts';
import { TEST_LANE } from '../../../fakes/records.ts';

/** The list of what needs a person, as text without markup. */
function told(over: Partial<Overview>): string {
  const failures = { owners: [], unreadable: 0, isCut: false };
  const overview = { refusedSettings: undefined, failures, stuck: [], moving: [], idle: 0, drift: [], ...over };
  return needsView(overview, NOW)
    .html.replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

const news = HARMS.map((harm) => ({ harm, count: 0 }));
const driftOf = (allChecked: boolean) => {
  const report = { at: NOW - 3_600_000, allChecked, news };
  return [{ lane: TEST_LANE, tenants: ['acme-test'], report, unknown: undefined }];
};

it('a report that could not compare everything is no proof that nothing needs a person', () => {
  expect(told({ drift: driftOf(true) })).toContain('Nothing needs a person.');
  const partly = told({ drift: driftOf(false) });
  expect(partly).not.toContain('Nothing needs a person.');
  expect(partly).toMatch(/Drift of acme-test : 0 new findings report 1 h ago, incomplete/);
});

it('where not all failures are counted, the counts are the least, and an owner who is not named may have some', () => {
  const owner = { owner: 'requester' as const, count: 1000, oldest: NOW, codes: [] };
  const cut = told({ failures: { owners: [owner], unreadable: 0, isCut: true } });
  expect(cut).toContain('Requester: at least 1000 failures');
  expect(cut).toContain('Not all failures are counted');
  expect(told({ failures: { owners: [owner], unreadable: 0, isCut: false } })).not.toContain('Not all');
});

it('settings that cannot be used are named first, with the reason and the version in use', () => {
  const refusedSettings = { version: 7, why: 'tenants.constructor must be another name', inUse: 6 };
  expect(told({ refusedSettings })).toMatch(
    /Version 7 of the settings cannot be used .*tenants\.constructor must be another name ?\. Version 6 is in use instead/,
  );
});

describe('the drift reports of the overview', () => {
  const AT_SIX = 'cron(0 6 * * ? *)';
  const none = (lane: string): DriftNews => ({ lane, tenants: [lane], report: undefined, unknown: undefined });
  const toldOf = (drift: readonly DriftNews[], schedule: string | undefined = AT_SIX) =>
    reportsView(drift, schedule, NOW)
      .html.replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ');

  it('are said to be missing, with when the next ones are due', () => {
    const told = toldOf([none('acme'), none('globex')]);
    expect(told).toContain('There is no report of acme and globex yet, so it is not known whether there is drift.');
    const [, due = ''] = /The next one is due (\S+ \S+) UTC , in \d+ (?:h|min)\./.exec(told) ?? [];
    expect(Date.parse(`${due.replace(' ', 'T')}Z`)).toBeGreaterThan(NOW);
    expect(due).toMatch(/ 06:00:00$/);
  });

  it('have their age, that of the oldest one where there are several', () => {
    const [old, fresh] = [7_200_000, 60_000].map((age) => ({ at: NOW - age, allChecked: true, news }));
    const lanes = [old, fresh].map((report, index) => ({ ...none(`lane-${index}`), report }));
    expect(toldOf(lanes)).toMatch(/Of 2 lanes the oldest last report is of .* UTC , 2 h ago\./);
    expect(toldOf(lanes.slice(1))).toMatch(/The last report is of .* UTC , 1 min ago\./);
    expect(toldOf(lanes)).not.toContain('There is no report');
  });

  it('that cannot be read are no missing ones', () => {
    expect(toldOf([{ ...none('acme'), unknown: 'It is of another version.' }])).not.toContain('There is no report');
  });

  it('are due as the schedule says, and each day where the target does not know it', () => {
    expect(toldOf([none('acme')], 'rate(12 hours)')).toContain('The schedule makes one every 12 h.');
    expect(reportsView([none('acme')], undefined, NOW).html).toContain('The schedule makes one a day.');
    expect(toldOf([none('acme')], 'cron(0 6 1 1 ? 2001)')).toContain('The schedule has come to its end');
  });

  it('names some lanes and counts the others', () => {
    const many = Array.from({ length: 7 }, (_, index) => none(`lane-${index}`));
    expect(toldOf(many)).toContain('lane-3, lane-4 and 2 more lanes yet');
  });
});
