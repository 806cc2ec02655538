import { expect, it } from 'vitest';
import { readListingQuery } from '../../../../../functions/ops/console/changes/listing-query.ts';
import { listingView } from '../../../../../functions/ops/console/changes/listing-view.ts';
import type { Listing } from '../../../../../functions/ops/console/changes/read-listing.ts';
import { TEST_START } from '../../../../fakes/fake-clock.ts';
import { aChange, anApplied, anUpdate, aRef, aRejected } from '../../../../fakes/records.ts';

/** The page of changes as a person sees it. */

const COMPLETE = { isComplete: true, read: 0, since: TEST_START, missed: 0, unreadable: [], failures: [] };
const LISTING: Listing = { records: [], total: 0, progress: COMPLETE, unreadable: [], keptSince: undefined };

const page = (over: Partial<Listing>, search = '') =>
  listingView({ ...LISTING, ...over }, readListingQuery(new URLSearchParams(search)), {
    tenants: ['acme-prod', 'acme-test'],
    sources: ['helpdesk'],
  }).html;

it('says how much is read while it is not all, and promises nothing about the rest', () => {
  const shown = page({ progress: { ...COMPLETE, isComplete: false, read: 34_000, since: undefined }, total: 120 });
  expect(shown).toContain('<b>34,000</b> changes read so far. The list is not complete.');
  expect(shown).toContain('1–50 of 120 changes found so far');
  expect(shown).not.toContain('All ');
  const none = page({ progress: { ...COMPLETE, isComplete: false, since: undefined } });
  expect(none).toContain('No change matches so far.');
});

it('says since when it is complete, what may be missing, and what cannot be read', () => {
  const shown = page({
    progress: { ...COMPLETE, read: 100_000, missed: 2 },
    unreadable: [{ key: 'change#a#b#<K>', why: '' }],
  });
  expect(shown).toContain('All 100,000 changes that the ledger held at');
  expect(shown).toContain('Up to 2 changes accepted and completed since then may be missing');
  expect(shown).toContain('1 record of the ledger is in none of the pages');
  expect(shown).toContain('change#a#b#&lt;K&gt;');
  const failed = page({ progress: { ...COMPLETE, failures: [{ lane: 'BETA:1', sentence: '<no> table' }] } });
  expect(failed).toContain('&lt;no&gt; table');
});

it('names the group of an id as ZPA showed it', () => {
  const change = anUpdate({ group: { id: '216196257331404691' }, set: { enabled: false } });
  const applied = anApplied();
  const name = applied.effect.before?.name ?? '';
  expect(name).not.toBe('');
  const shown = page({ records: [aChange({ change, state: 'settled', outcome: applied })], total: 1 });
  expect(shown).toContain(`update &quot;${name}&quot;: enabled`);
  expect(page({ records: [aChange({ change })], total: 1 })).toContain('update 216196257331404691: enabled');
});

it('says since when changes are kept', () => {
  expect(page({ keptSince: TEST_START })).toContain('completed before <time datetime="2026-12-01T08:00:00.000Z">');
});

it('keeps the filters in its pages and its form', () => {
  const search = 'q=%22CHG%26&tenant=retired&outcome=rejected&since=2026-01-01&page=2';
  const shown = page({ total: 151, records: [aChange()] }, search);
  expect(shown).toContain(
    'href="/changes?q=%22CHG%26&amp;tenant=retired&amp;since=2026-01-01&amp;outcome=rejected&amp;page=3"',
  );
  expect(shown).toContain('51–100 of 151 changes');
  expect(shown).toContain('value="&quot;CHG&amp;"');
  expect(shown).toContain('<option value="retired" selected>');
  expect(page({ total: 10 }, 'page=7')).toContain('This page is behind the last one of 10 changes');
});

it('calls a change that was replaced so in its filter and in its row, and is also asked for it by that word', () => {
  const end = { generation: 1, at: 0, attempts: 1, by: 'CHG2/1', reason: 'A newer change.' };
  const replaced = aChange({ state: 'settled', outcome: { kind: 'superseded', ...end } });
  for (const outcome of ['replaced', 'superseded']) {
    const shown = page({ records: [replaced], total: 1 }, `outcome=${outcome}`);
    expect(shown).toContain('<option value="superseded" selected>replaced</option>');
    expect(shown).toContain('<span class="outcome">replaced</span>');
  }
  expect(() => page({}, 'outcome=fine')).toThrow('There is no outcome "fine".');
});

it('shows texts from outside as texts, cut to a line', () => {
  const evil = `<script>alert(1)</script>\u202e${'x'.repeat(10_000)}`;
  const record = aChange({
    ref: aRef('K/1@"><img>', { tenant: 'acme-test' }),
    change: anUpdate({ group: { name: evil } }),
    ticket: { system: 'Helpdesk', id: evil, approvals: [] },
    state: 'settled',
    outcome: aRejected({ sentence: evil }),
  });
  const shown = page({ records: [record], total: 1 }, 'q=%3Cscript%3E');
  expect(/<script|<img|\u202e/.exec(shown)).toBeNull();
  expect(shown.length).toBeLessThan(5000);
  expect(shown).toContain('href="/change?source=helpdesk&amp;tenant=acme-test&amp;key=K%2F1%40%22%3E%3Cimg%3E"');
});

it.each(['outcome=fine', 'since=yesterday', 'until=2026-02-31', 'page=0', 'page=x'])(
  'refuses %s, and says what is right',
  (search) => {
    expect(() => page({}, search)).toThrow(expect.objectContaining({ code: 'bad-option', remedy: expect.any(String) }));
  },
);

it('writes the time of a scheduled change as it writes all times', () => {
  const scheduledFor = Date.parse('2099-01-01T00:00:00Z');
  const shown = page({ records: [aChange({ state: 'scheduled', scheduledFor })], total: 1 });
  expect(shown).toContain('not before 2099-01-01 00:00:00 UTC');
});

it.each([
  [0, 'The ledger held no changes at'],
  [1, 'The only change that the ledger held at'],
])('counts %i changes that are read in words that fit', (read, words) => {
  expect(page({ progress: { ...COMPLETE, read } })).toContain(words);
});
