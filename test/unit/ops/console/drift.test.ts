import { describe, expect, it } from 'vitest';
import type { ConsoleContext } from '../../../../functions/ops/console/contract.ts';
import { driftView } from '../../../../functions/ops/console/drift/drift-view.ts';
import { findingView } from '../../../../functions/ops/console/drift/finding-view.ts';
import { withIgnores } from '../../../../functions/ops/console/drift/read-report.ts';
import { addIgnore, noIgnores } from '../../../../shared/domain/drift/ignores.ts';
import type { DriftReport } from '../../../../shared/domain/drift/report.ts';
import { html } from '../../../../shared/domain/html/html.ts';
import { TEST_START as NOW } from '../../../fakes/fake-clock.ts';
import { aFinding, aNotChecked, aSurvey } from '../../domain/sample-drift.ts';

const HOSTILE = '"><script>alert(1)</script>\u202E';
const HOUR = 3_600_000;
const context = { now: () => NOW + 2 * HOUR, whyNot: () => undefined } as unknown as ConsoleContext;
const viewer = { ...context, whyNot: () => 'Needs the role steward.' } as ConsoleContext;

const view = (report: DriftReport, page = 1, of = context) =>
  driftView(of, { lane: report.lane, tenants: ['acme'], report }, page).html;

describe('a report of drift', () => {
  it('tells its age, what it compared, what it could not read and what is in which state', () => {
    const report = aSurvey({
      coverage: { managed: 9, fullyStated: 4, partlyStated: 3 },
      findings: [
        aFinding(),
        aFinding({ id: 'D-00000002', state: 'in-flight', pending: 1 }),
        aFinding({
          id: 'D-00000003',
          state: 'still',
          access: { read: 'read', exposes: true, interrupts: false, rules: [], ruleCount: 1 },
        }),
      ],
      notChecked: [aNotChecked({ groupId: '7202' })],
      closed: [
        {
          id: 'D-00000009',
          kind: 'changed',
          facet: 'name',
          group: { id: '1', name: 'Old' },
          tenant: 'acme',
          at: '2026-12-01T08:00:00Z',
        },
        {
          id: 'D-00000010',
          kind: 'removed',
          facet: 'app:926196382959075424',
          group: { id: '1', name: 'Old' },
          tenant: 'acme',
          at: '2026-12-01T08:00:00Z',
        },
      ],
    });
    const html = view(report);
    expect(html).toContain('2 h ago');
    expect(html).toContain('7 of 9 groups');
    expect(html).toContain('ZPA answered 503.');
    expect(html.indexOf('Opens access')).toBeLessThan(html.indexOf('Other differences'));
    for (const id of ['D-0000abcd', 'D-00000002', 'D-00000003', 'D-00000009']) expect(html).toContain(id);
    expect(html.match(/type="checkbox"/g)).toHaveLength(2);
    expect(html).toContain('application segment <bdi>926196382959075424</bdi>');
    expect(html).toContain('<th scope="col">Closed by</th>');
    expect(html).not.toContain('app:');
  });

  it('has a hundred differences on a page', () => {
    const findings = Array.from({ length: 150 }, (_, index) => aFinding({ id: `D-${String(index).padStart(8, '0')}` }));
    expect(view(aSurvey({ findings })).match(/type="checkbox"/g)).toHaveLength(100);
    const second = view(aSurvey({ findings }), 2);
    expect(second.match(/type="checkbox"/g)).toHaveLength(50);
    expect(second).toContain('/drift?lane=BETA%3A1&amp;page=1');
  });

  it('shows texts of others as text, at a bounded length', () => {
    const long = HOSTILE + 'x'.repeat(10_000);
    const finding = aFinding({
      after: long,
      group: { id: HOSTILE, name: long, microtenantId: HOSTILE, tenant: HOSTILE },
      writer: { id: HOSTILE, name: long, at: HOSTILE, of: 'group', kind: 'unknown' },
      approval: { key: HOSTILE, source: HOSTILE, ticket: long, at: HOSTILE },
      ignored: { reason: long, until: HOSTILE, by: HOSTILE, at: HOSTILE, live: HOSTILE },
      access: { read: 'not-read', reason: long },
    });
    const report = aSurvey({
      findings: [finding],
      notChecked: [aNotChecked({ reason: long, code: HOSTILE, tenant: HOSTILE })],
    });
    const one = findingView(context, { lane: 'BETA:1' }, finding).html;
    for (const html of [view(report), one]) {
      expect(html).not.toContain('<script');
      expect(html).not.toContain('\u202E');
      expect(html.length).toBeLessThan(40_000);
    }
  });

  it('offers a viewer nothing to press, and says why', () => {
    const html =
      view(aSurvey({ findings: [aFinding()] }), 1, viewer) + findingView(viewer, { lane: 'BETA:1' }, aFinding()).html;
    expect(html).toContain('Needs the role steward.');
    expect(html).not.toContain('method="post"');
    expect(html).not.toMatch(/<button name="do" value="accept">/);
  });

  it('says of an empty value that it is empty', () => {
    const page = findingView(
      context,
      { lane: 'BETA:1' },
      aFinding({ facet: 'description', before: '', after: 'x' }),
    ).html;
    expect(page).toContain('<dt>Approved</dt><dd><i>(empty)</i></dd>');
  });

  it('says why there is none', () => {
    const page = driftView(context, { lane: 'BETA:1', tenants: ['acme'], missing: html`None yet.` }, 1).html;
    expect(page).toContain('None yet.');
    expect(page).toContain('Read ZPA now');
    expect(page).not.toContain('report.html');
  });
});

describe('what was ignored since the report', () => {
  const finding = aFinding();
  const request = { finding, reason: 'audit', until: NOW + 5 * HOUR, by: 'lena', at: NOW };
  const added = addIgnore(noIgnores('BETA:1'), request);
  if (!added.ok) throw new Error(added.sentence);
  const { entries } = added.list;
  const stateAt = (now: number, over: Partial<typeof finding> = {}) =>
    withIgnores(aSurvey({ findings: [{ ...finding, ...over }] }), entries, now).findings[0];

  it('counts as ignored at once, for its value and its time', () => {
    expect(stateAt(NOW + HOUR)).toMatchObject({ state: 'ignored', ignored: { by: 'lena', reason: 'audit' } });
    expect(stateAt(NOW + 6 * HOUR)).toMatchObject({ state: 'new' });
    expect(stateAt(NOW + HOUR, { after: 'another value' })).toMatchObject({ state: 'new' });
    expect(stateAt(NOW + HOUR, { state: 'in-flight', pending: 1 })).toMatchObject({ state: 'in-flight' });
  });

  it('counts as new again once its time is over, also where the report calls it ignored', () => {
    const [stored] = withIgnores(aSurvey({ findings: [finding] }), entries, NOW + HOUR).findings;
    expect(stored?.state).toBe('ignored');
    expect(stateAt(NOW + HOUR, stored)).toMatchObject({ state: 'ignored' });
    const over = stateAt(NOW + 6 * HOUR, stored);
    expect([over?.state, over?.ignored]).toEqual(['new', undefined]);
  });
});
