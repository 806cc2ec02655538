import { expect, it } from 'vitest';
import { needsView } from '../../../../functions/ops/console/overview/needs-view.ts';
import type { Overview } from '../../../../functions/ops/console/overview/read-overview.ts';
import { HARMS } from '../../../../shared/domain/drift/by-harm.ts';
import { TEST_START as NOW } from '../../../fakes/fake-clock.ts';
import { TEST_LANE } from '../../../fakes/records.ts';

/** The list of what needs a person, as text without markup. */
function told(over: Partial<Overview>): string {
  const failures = { owners: [], unreadable: 0, isCut: false };
  const overview = { failures, stuck: [], moving: [], idle: 0, drift: [], ...over };
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
