import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { driftHtml } from '../../../../../shared/domain/drift/render/page/drift-page.ts';
import type { DriftReport, Finding } from '../../../../../shared/domain/drift/report.ts';
import { HOSTILE_NAMES } from '../../text/hostile-names.ts';
import { findingOf, sampleHistory, sampleReport } from '../sample-report.ts';
import { hostileReport } from './hostile-report.ts';

/** The words of markup as a reader sees them. */
const wordsOf = (html: string) =>
  html
    .replaceAll(/<(style|script)>.*?<\/\1>/gs, '')
    .replaceAll(/<\/?(bdi|b|span|time|code|a|i)\b[^>]*>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();

const page = (part: Partial<DriftReport> = {}) => driftHtml(sampleReport(part));
const itemOf = (id: string, html = page()) =>
  new RegExp(`<details[^>]* id="${id}".*?</details>`, 's').exec(html)?.[0] ?? '';
const only = (part: Partial<Finding>) => itemOf('D-5b1e77c0', page({ findings: [findingOf(part)] }));
const titlesOf = (html: string) => [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => wordsOf(title ?? ''));

describe('the page of a drift report', () => {
  it('says in its head what a reader knows after ten seconds', () => {
    const head = wordsOf(page()).split(' Coverage ')[0] ?? '';
    expect(head).toContain('7 differences from what tickets approved');
    expect(head).toContain('4 new · 3 still · 1 ignored · 1 in flight · 195 of 200 checked');
    expect(head).toContain('2 open access, 2 interrupt access, the effect of 1 on access is unknown.');
    expect(head).toContain('The report is not complete: 5 groups could not be checked.');
    expect(head).toContain('The report before is of 2026-11-30 06:00 UTC, 2 findings closed since.');
  });

  it.each<[Partial<DriftReport>, tone: string]>([
    [{}, 'bad'],
    [{ findings: [findingOf()] }, 'wait'],
    [{ findings: [findingOf({ access: { read: 'not-read', reason: 'deadline' } })] }, 'bad'],
    [{ findings: [] }, 'wait'],
    [{ findings: [], complete: true }, 'good'],
    [{ findings: [findingOf({ state: 'ignored' })], complete: true }, 'good'],
    [{ findings: [], unchecked: [findingOf()], complete: true }, 'wait'],
  ])('has the tone of the worst that is open (%#)', (part, tone) => {
    expect(page(part)).toContain(`<section class="state ${tone}"`);
  });

  it('lists everything, by harm, with its number', () => {
    expect(titlesOf(page())).toEqual([
      ...['Coverage', 'Trend', 'Opens access 2', 'Interrupts access 2', 'Effect on access unknown 1'],
      ...['Other differences 2', 'Not checked 2', 'In flight 1', 'Ignored 1', 'Closed since the last report 2'],
      'Unmanaged groups 31',
    ]);
    for (const { id } of sampleReport().findings) expect(itemOf(id)).not.toBe('');
  });

  it('shows findings as last seen whose group could not be read now', () => {
    const html = page({ findings: [], unchecked: [findingOf()] });
    expect(titlesOf(html)).toContain('Not checked now, as last seen 1');
    expect(itemOf('D-5b1e77c0', html)).not.toBe('');
    expect(wordsOf(html)).toContain('0 new · 0 still');
  });

  it('leaves out the parts of which there is nothing', () => {
    const nothing = { findings: [], notChecked: [], closed: [], unmanaged: [], history: sampleHistory(1) };
    const coverage = { ...sampleReport().coverage, unmanaged: 0 };
    expect(titlesOf(page({ ...nothing, coverage }))).toEqual(['Coverage']);
  });

  it('says of a finding everything that helps to decide about it', () => {
    const words = wordsOf(itemOf('D-0a41c9e2'));
    for (const part of [
      'new Finance Apps application segment payroll.acme.example added, moved from HR Restricted',
      '14 policy rules: Finance staff gains 1 application, External auditors gains 1 application, 12 more',
      'Approved not in the group',
      'In ZPA now in the group',
      'Arose between 2026-11-30 06:00 UTC and 2026-12-01 06:00 UTC',
      'Last writer Kim Sandoval (console), 2026-11-30 18:40 UTC of the application segment, id 216196257331372702',
      'Departs from ZPA-42 (jira), 2026-11-20 14:03 UTC key ZPA-42/3@10203',
      'id 216196257331370001, tenant acme-prod',
      '12 more rules',
    ])
      expect(words).toContain(part);
  });

  it('says of an ignored finding who ignores it, why and until when, folded too', () => {
    const [summary = ''] = itemOf('D-48ab3f90').split('</summary>');
    expect(wordsOf(summary)).toContain(
      'until 2027-01-15 00:00 UTC, by arn:aws:iam::123456789012:user/rosa: Renamed for the audit',
    );
  });

  it('says of a Terraform apply what it did and how to end it', () => {
    const words = wordsOf(itemOf('D-c3920b6d'));
    expect(words).toContain('a Terraform apply (ci-terraform) took it out');
    expect(words).toContain('ignore_changes');
    expect(itemOf('D-0a41c9e2')).not.toContain('ignore_changes');
  });

  it('says of a group that a Terraform apply created how to have Terraform forget it, which ignoring does not', () => {
    const writer = { id: '1', name: 'ci-terraform', of: 'group', kind: 'terraform' } as const;
    const item = only({ kind: 'resurrected', facet: 'exists', before: 'absent', after: 'exists', writer });
    expect(item).toContain('removed { }');
    expect(item).not.toContain('ignore_changes');
  });

  it('marks the words of a field that differ', () => {
    expect(itemOf('D-5b1e77c0')).toContain('<ins><bdi>and of the contractors</bdi></ins>');
    expect(wordsOf(only({ before: '', after: 'text' }))).toContain('Approved (empty) In ZPA now text');
  });

  const commandsOf = (item: string) =>
    [...item.matchAll(/<code class="command">zpa-changes drift (\w+) (.*?)<\/code>/g)].map(([, verb]) => verb);

  it.each<[string, Partial<Finding>, string[]]>([
    ['anything', {}, ['show', 'accept', 'revert', 'ignore']],
    ['a group without a ticket', { kind: 'unmanaged' }, ['show', 'accept', 'ignore']],
    ['an application segment that is gone', { kind: 'removed', to: 'gone' }, ['show', 'accept', 'ignore']],
    ['a group in another microtenant', { facet: 'exists' }, ['show', 'accept', 'ignore']],
    ['what is ignored', { state: 'ignored' }, ['show', 'accept', 'revert']],
    ['what is in flight', { state: 'in-flight' }, ['show']],
  ])('has the commands to copy that decide about %s', (_, part, verbs) => {
    expect(commandsOf(only(part))).toEqual(verbs);
  });

  it('names finding, ticket, day and reason in the commands, and none for an id that a shell would interpret', () => {
    const item = itemOf('D-0a41c9e2');
    expect(item).toContain('zpa-changes drift accept D-0a41c9e2 --ticket TICKET<');
    expect(item).toContain('zpa-changes drift ignore D-0a41c9e2 --until 2026-12-31 --reason &quot;REASON&quot;<');
    expect(itemOf('D-2f6a0c15')).toContain('--until 2026-12-31 --deletion --reason');
    expect(commandsOf(page({ findings: [findingOf({ id: 'D-$(reboot)' })] }))).toEqual([]);
  });

  it('draws the coverage in proportion', () => {
    const widths = [...page().matchAll(/<rect class="(\w+)" x="[\d.]+" width="([\d.]+)" height="10"/g)].map(
      ([, name, width]) => [name, Number(width)],
    );
    const all = 141 + 54 + 5 + 31 + 13;
    expect(widths).toEqual([
      ['fully', Math.round((141 * 1e5) / all) / 100],
      ['partly', Math.round((54 * 1e5) / all) / 100],
      ['unread', Math.round((5 * 1e5) / all) / 100],
      ['unmanaged', Math.round((31 * 1e5) / all) / 100],
      ['foreign', Math.round((13 * 1e5) / all) / 100],
    ]);
    const nothing = Object.fromEntries(Object.keys(sampleReport().coverage).map((name) => [name, 0]));
    expect(page({ coverage: nothing as DriftReport['coverage'] })).not.toContain('NaN');
  });

  it('draws a bar for each report, at most ninety, and says when there were most findings', () => {
    const barsOf = (history: DriftReport['history']) => page({ history }).match(/<g><title>/g)?.length ?? 0;
    expect(barsOf(sampleHistory(90))).toBe(90);
    expect(barsOf([...sampleHistory(90), ...sampleHistory(90)])).toBe(90);
    expect(barsOf(sampleHistory(2))).toBe(2);
    expect(page()).toContain('<title>2026-12-01: 4 new, 3 still, 1 ignored, 2 closed, 5 not checked</title>');
    expect(wordsOf(page())).toContain('7 open findings now, at most 7 (2026-12-01), in 90 reports.');
    expect(page({ history: sampleHistory(9).map((one) => ({ ...one, new: 0, still: 0 })) })).not.toContain('NaN');
  });
});

describe('the safety of the page', () => {
  it('allows its one style sheet and its one script by hash, and nothing from anywhere', () => {
    const policy = /http-equiv="content-security-policy" content="([^"]*)"/.exec(page())?.[1]?.replaceAll('&#39;', "'");
    const hashOf = (tag: string) => {
      const bodies = [...page().matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(([, body]) => body ?? '');
      expect(bodies).toHaveLength(1);
      return `'sha256-${createHash('sha256')
        .update(bodies[0] ?? '')
        .digest('base64')}'`;
    };
    expect(policy).toBe(
      `default-src 'none'; style-src ${hashOf('style')}; script-src ${hashOf('script')}; base-uri 'none'; form-action 'none'`,
    );
    expect(page()).not.toMatch(/<[^>]*\s(style|on\w+|src)=/i);
    expect(page()).not.toMatch(/href="(?!#)/);
  });

  /** Element and attribute names, which depend on the shape of the report alone. */
  const shapeOf = (html: string) =>
    new Set(
      [...html.replaceAll(/<(style|script)>.*?<\/\1>/gs, '').matchAll(/<(\/?[a-z][\w-]*)((?:\s[^>]*)?)>/g)].map(
        ([, tag, attributes]) => `${tag} ${[...(attributes ?? '').matchAll(/([\w-]+)(?==|$)/g)].map(([name]) => name)}`,
      ),
    );
  const harmless = new Set([
    ...shapeOf(driftHtml(hostileReport('harmless'))),
    ...shapeOf(driftHtml(sampleReport())),
    ...['code class,title', 'i class', '/i '],
  ]);

  it.each(HOSTILE_NAMES)('shows a hostile text as text (%#)', (text) => {
    const html = driftHtml(hostileReport(text));
    expect(html.match(/<script|<style/g)).toEqual(['<style', '<script']);
    expect([...shapeOf(html)].filter((one) => !harmless.has(one))).toEqual([]);
    expect(html.match(/.{0,40}([\p{Cf}\p{Cs}\p{Co}]|[^\P{Cc}\n\t\r])/u)?.[0]).toBeUndefined();
  });
});

describe('the bound of the page', () => {
  it('holds for lists of the longest names, all of characters that are spelled out', () => {
    const name = '\u202E'.repeat(5000);
    const [group, closed, unread] = [
      sampleReport().unmanaged[0],
      sampleReport().closed[0],
      sampleReport().notChecked[0],
    ];
    const lists = {
      unmanaged: Array(2000).fill({ ...group, name }),
      closed: Array(2000).fill({ ...closed, group: { id: '1', name } }),
      notChecked: Array(2000).fill({ ...unread, reason: name }),
    };
    const html = page(lists);
    expect(html.length).toBeLessThan(1_200_000);
    expect(html.match(/<p class="left-out">\d+ more rows/g)).toHaveLength(3);
  });

  it('holds for thousands of findings: the most harmful are shown, and the rest is counted', () => {
    const exposing = findingOf({
      id: 'D-exposing',
      access: { read: 'read', exposes: true, interrupts: false, rules: [], ruleCount: 1 },
    });
    const many = Array.from({ length: 6000 }, (_, index) =>
      findingOf({
        id: `D-${String(index).padStart(8, '0')}`,
        before: '<&>"\u202E'.repeat(2000),
        after: "'".repeat(9000),
      }),
    );
    const html = page({ findings: [...many, exposing], unmanaged: Array(6000).fill(sampleReport().unmanaged[0]) });
    expect(html.length).toBeLessThan(3_000_000);
    expect(itemOf('D-exposing', html)).not.toBe('');
    const shown = html.match(/<details class="finding"/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(20);
    expect(html).toContain(`${6001 - shown} more findings are not on this page: the JSON report has all of them.`);
    expect(html).toContain('5500 more rows are not on this page');
  });

  it('shows more than a thousand findings of the usual kind', () => {
    const many = Array.from({ length: 6000 }, (_, index) => findingOf({ id: `D-${String(index).padStart(8, '0')}` }));
    const shown = page({ findings: many }).match(/<details class="finding"/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(700);
  });
});
