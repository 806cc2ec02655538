import { describe, expect, it } from 'vitest';
import type { ConsoleContext } from '../../../../functions/ops/console/contract.ts';
import { failureView } from '../../../../functions/ops/console/failures/failure-view.ts';
import { failuresView } from '../../../../functions/ops/console/failures/failures-view.ts';
import { ownerOf } from '../../../../functions/ops/console/failures/owners.ts';
import { filtersOf, paged } from '../../../../functions/ops/console/failures/read-failures.ts';
import { REJECTIONS, type RejectionCode } from '../../../../shared/domain/change/rejection-codes.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { TEST_START } from '../../../fakes/fake-clock.ts';
import { aChange, anUpdate, aRef, aRejected } from '../../../fakes/records.ts';

const configuration = configurationSchema.parse({
  name: 'test',
  tenants: { 'acme-test': { cloud: 'BETA', customerId: '72057594037927936', vanity: 'acme' } },
  sources: { helpdesk: { system: 'Helpdesk' } },
});

function failure(key: string, code: RejectionCode, over: Partial<ChangeRecord> = {}): ChangeRecord {
  return aChange({ ref: aRef(key), state: 'settled', failed: true, outcome: aRejected({ code }), ...over });
}

const list = (found: readonly ChangeRecord[], query = '', page = 1) => ({
  filters: filtersOf(new URLSearchParams(query)),
  isCut: false,
  unreadable: [],
  ...paged(found, page),
});

const HOSTILE = '"><script>alert(1)</script>\u202E';

describe('who has to act', () => {
  it('is known for every code', () => {
    const owners = Object.keys(REJECTIONS).map((code) => ownerOf(code as RejectionCode));
    expect(new Set(owners)).toEqual(new Set(['requester', 'operator', 'ticket-admin']));
    expect([ownerOf('group-not-found'), ownerOf('outcome-unknown'), ownerOf('guarded')]).toEqual([
      'requester',
      'operator',
      'ticket-admin',
    ]);
  });
});

describe('the list of failures', () => {
  it('has fifty failures on a page, those of the operator first, and counts each group over all pages', () => {
    const many = [
      ...Array.from({ length: 60 }, (_, index) => failure(`R-${index}`, 'group-not-found')),
      ...Array.from({ length: 5 }, (_, index) => failure(`O-${index}`, 'outcome-unknown')),
    ];
    const first = paged(many, 1);
    expect(first).toMatchObject({ total: 65, page: 1, pages: 2 });
    expect(first.groups.map(({ code, count, rows }) => [code, count, rows.length])).toEqual([
      ['outcome-unknown', 5, 5],
      ['group-not-found', 60, 45],
    ]);
    expect(paged(many, 9)).toMatchObject({ page: 2, groups: [{ rows: { length: 0 } }, { rows: { length: 15 } }] });
    expect(failuresView(list(many, '', 2), configuration, TEST_START).html).toContain('On other pages');
  });

  it('keeps its filters in the form and in the pages, and ignores an owner that is none', () => {
    const many = Array.from({ length: 60 }, (_, index) => failure(`R-${index}`, 'group-not-found'));
    const { html } = failuresView(list(many, 'tenant=acme-test&owner=nobody&ticket=CHG1'), configuration, TEST_START);
    expect(html).toContain('<option value="acme-test" selected>');
    expect(html).toContain('/failures?tenant=acme-test&amp;ticket=CHG1&amp;page=2');
    expect(html).not.toContain('nobody');
  });

  it('shows texts of others as text, at a bounded length, and links to web addresses alone', () => {
    const outcome = aRejected({ sentence: `${HOSTILE}${'long '.repeat(2000)}` });
    const ticket = { system: 'Helpdesk', id: HOSTILE, url: 'javascript:alert(1)', approvals: [] };
    const change = anUpdate({ group: { name: HOSTILE } });
    const { html } = failuresView(
      list([failure('K', 'group-not-found', { outcome, ticket, change })]),
      configuration,
      TEST_START,
    );
    expect(html).not.toContain('<script');
    expect(html).not.toContain('\u202E');
    expect(html).not.toContain('javascript:');
    expect(html.length).toBeLessThan(20_000);
  });

  it('says so where nothing waits', () => {
    expect(failuresView(list([]), configuration, TEST_START).html).toContain('No failure waits for a person');
    const unread = { ...list([]), unreadable: [{ key: 'K', why: 'it is of another version' }] };
    expect(failuresView(unread, configuration, TEST_START).html).not.toContain('No failure waits for a person');
  });
});

describe('a failure', () => {
  const context = { now: () => TEST_START + 3_600_000, whyNot: () => undefined } as unknown as ConsoleContext;
  const viewer = { ...context, whyNot: () => 'Your role is viewer.' } as ConsoleContext;
  const record = failure('K', 'group-not-found');
  const preview = {
    record,
    decision: { kind: 'reopen', record } as const,
    choices: [
      {
        acceptStale: false,
        withDependents: false,
        mark: 'm',
        rows: [{ record, decision: { kind: 'reopen', record } as const }],
      },
    ],
    dependents: [],
  };

  it('has no button that its person may not press, and says why', () => {
    expect(failureView(context, preview).html).toContain('action="/failure/retry"');
    const { html } = failureView(viewer, preview);
    expect(html).not.toContain('<form');
    expect(html).toContain('Your role is viewer.');
  });

  it('says why it cannot be retried now, and what to do', () => {
    const refusal = { code: 'not-permitted', sentence: 'No grant allows it', remedy: 'Ask for one' } as const;
    const { html } = failureView(context, { ...preview, choices: [], decision: { kind: 'refused', refusal } });
    expect(html).toContain('No grant allows it.');
    expect(html).toContain('Ask for one.');
    expect(html).not.toContain('/failure/retry');
  });
});
