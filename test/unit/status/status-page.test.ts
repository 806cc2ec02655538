import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../shared/domain/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records.ts';
import { parsed, rawCreate, rawDelete, rawUpdate } from '../domain/sample-changes.ts';
import { applied, BROWSER, createStatusWorld, recordOf, rejected } from './status-world.ts';

const pageOf = async (part: Partial<ChangeRecord>) =>
  (await (await createStatusWorld(recordOf(part))).get(BROWSER)).body;
/** The page's text without markup. */
const textOf = async (part: Partial<ChangeRecord>) =>
  (await pageOf(part))
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

const { writeId: _, overtaken: __, ...rest } = applied;
const unchanged: Outcome = { ...rest, kind: 'unchanged' };

describe('the page', () => {
  it('of an applied change shows before and after', async () => {
    const text = await textOf({ state: 'settled', outcome: applied });
    expect(text).toContain('Applied ZPA holds what the change asked for.');
    expect(text).toContain('Enabled no yes');
    expect(text).toContain('Applications added 2 42 ssh 43');
    expect(text).toContain('Applied 2026-12-01 08:00:04 UTC taken up once');
  });

  it('tells what is not known, and what somebody else changed right afterwards', async () => {
    const overtaken = [{ field: 'description', expected: 'ours', found: 'theirs' }];
    const text = await textOf({ state: 'settled', outcome: { ...applied, overtaken } });
    expect(text).toContain('Not checked: rules were not read.');
    expect(text).toContain('Written Found Description ours theirs');
  });

  it('of a rejected change says why and what to do', async () => {
    const text = await textOf({ state: 'settled', outcome: rejected, history: [rejected] });
    expect(text).toContain('Rejected ZPA refused the change: the name is taken.');
    expect(text).toContain('What to do Choose another name.');
    expect(text).toContain('Code zpa-refused · Field set.name');
    expect(text).toContain('What ZPA answered Error bad.name Status 400');
    expect(text).toContain('Candidates 1 2');
    expect(text).toContain('Earlier tries');
  });

  it.each([
    [{ state: 'accepted', sentAt: 0 }, 'Received It is recorded'],
    [{ state: 'queued', attempts: 3 }, 'So far taken up 3 times.'],
    [{ state: 'parked' }, 'On hold'],
    [{ state: 'settled', outcome: unchanged }, 'Nothing to change'],
    [
      {
        state: 'settled',
        outcome: { kind: 'superseded', generation: 1, at: 1, attempts: 1, by: 'CHG2', reason: 'newer change' },
      },
      'Superseded Newer change. By CHG2 .',
    ],
  ] satisfies [Partial<ChangeRecord>, string][])('of %o', async (part, said) => {
    expect(await textOf(part)).toContain(said);
  });

  it.each([
    [
      rawCreate({ description: 'For partners', applications: [{ name: 'ssh' }] }),
      'Create segment group Web Apps',
      'For partners',
    ],
    [rawDelete(), 'Delete segment group', '216196257331404691'],
    [rawUpdate({ applications: { replace: [] } }), 'Update segment group', 'All applications none'],
  ])('tells what was asked', async (raw, action, part) => {
    const text = await textOf({ change: parsed(raw) });
    expect(text).toContain(action);
    expect(text).toContain(part);
  });

  it('shows a deleted group as gone', async () => {
    const effect = { ...applied.effect, after: null };
    const text = await textOf({ state: 'settled', change: parsed(rawDelete()), outcome: { ...applied, effect } });
    expect(text).toContain('Applied ZPA no longer has the segment group.');
    expect(text).toContain('What was deleted Name Remote Access');
  });

  it('escapes every text that came from outside', async () => {
    const evil = `<img src=x onerror=alert(1)>"'&`;
    const summary = { name: evil, description: evil, enabled: true, applicationCount: 0 };
    const page = await pageOf({
      ref: { ...recordOf().ref, tenant: evil, idempotencyKey: evil },
      ticket: {
        system: evil,
        id: evil,
        url: `https://a.example/"${evil}`,
        requestedBy: evil,
        approvals: [{ by: evil, at: '2026-12-01T08:00:00Z', ref: evil }],
      },
      change: {
        ...parsed(rawCreate()),
        group: { name: evil },
        microtenant: evil,
        description: evil,
      } as ChangeRecord['change'],
      state: 'settled',
      outcome: {
        ...rejected,
        ...{ sentence: evil, remedy: evil, path: evil },
        zpaError: { code: 'refused', class: 'permanent', scope: 'change', effect: 'none', zpaId: evil, reason: evil },
        details: {
          [evil]: evil,
          candidates: [{ id: evil, name: evil }],
          rules: [{ ruleId: evil, ruleName: evil, policyType: evil, ruleOrder: evil, action: evil }],
          applications: [{ id: evil, name: evil, group: { id: evil, name: evil } }],
          differences: [{ field: evil, expected: evil, found: evil }],
          ...{ before: summary, intended: summary, live: { ...summary, modifiedBy: evil, modifiedTime: evil } },
          cut: evil,
        },
      },
      history: [
        { ...applied, effect: { ...applied.effect, before: summary } },
        { ...rejected, sentence: evil },
      ],
    });
    expect(page).not.toContain('<img');
    expect(page).not.toMatch(/="[^"]*onerror[^"]*'/);
    expect(page.split('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;').length).toBeGreaterThan(40);
  });

  it('spells out what would go unseen in a name, and keeps the direction of a name to itself', async () => {
    const details = { candidates: [{ id: '1', name: 'VPN\u202E\u200B' }] };
    const page = await pageOf({ state: 'settled', outcome: { ...rejected, details } });
    expect(page).not.toMatch(/[\u202E\u200B]/);
    expect(page.replace(/<code[^>]*>/g, '').replaceAll('</code>', '')).toContain('<bdi>VPNU+202EU+200B</bdi>');
  });

  it('links to web addresses only', async () => {
    const ticket = { ...recordOf().ticket, url: 'javascript:alert(1)' };
    expect(await pageOf({ ticket })).not.toContain('javascript:');
    expect(await pageOf({})).toContain('href="https://acme.example/CHG0031337"');
  });

  it('runs nothing and loads nothing: its policy names the one style it has', async () => {
    const answer = await (await createStatusWorld()).get(BROWSER);
    const style = /<style>(.*?)<\/style>/s.exec(answer.body)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(answer.body).not.toMatch(/<script|style="|src=|@import|url\(/);
  });

  it('folds long lists', async () => {
    const added = [...Array.from({ length: 999 }, (_, i) => String(i + 1)), '(388 more)'];
    const page = await pageOf({ state: 'settled', outcome: { ...applied, effect: { ...applied.effect, added } } });
    expect(page).toContain('Applications added <span class="quiet">1387</span>');
    expect(page).toContain('<summary>976 more</summary>');
  });
});
