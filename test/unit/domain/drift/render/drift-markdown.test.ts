import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driftMarkdown } from '../../../../../shared/domain/drift/render/markdown.ts';
import type { DriftReport } from '../../../../../shared/domain/drift/report.ts';
import { HOSTILE_NAMES } from '../../text/hostile-names.ts';
import { findingOf, sampleReport } from '../sample-report.ts';
import { hostileReport } from './hostile-report.ts';

const linesOf = (report: DriftReport) => driftMarkdown(report).split('\n');
const rowOf = (report: DriftReport, id: string) => linesOf(report).find((line) => line.includes(id)) ?? '';

/** The sections by their titles, each with its rows; the two lines of a table's head are no rows. */
function sectionsOf(text: string): [title: string, rows: string[]][] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = '', ...lines] = section.split('\n');
      return [title, lines.filter((line) => line.startsWith('|')).slice(2)];
    });
}

describe('the Markdown of a drift report', () => {
  it('begins with the figures and what they do to access', () => {
    const [figures, , sentence] = linesOf(sampleReport());
    expect(figures).toBe(
      '**4 new · 3 still · 1 ignored · 1 in flight · 195 of 200 checked**: drift of `acme-prod and 1 other tenant` at 2026-12-01 06:00 UTC',
    );
    expect(sentence).toBe(
      '7 differences from what tickets approved. 2 open access, 2 interrupt access, the effect of 1 on access is unknown.',
    );
  });

  it('lists findings by harm, then what nobody can or need judge', () => {
    expect(sectionsOf(driftMarkdown(sampleReport())).map(([title, rows]) => [title, rows.length])).toEqual([
      ['Opens access (2)', 2],
      ['Interrupts access (2)', 2],
      ['Effect on access unknown (1)', 1],
      ['Other differences (2)', 2],
      ['Not checked: nothing is said about it (2)', 2],
      ['Closed since the last report (2)', 2],
      ['Ignored (1)', 1],
      ['In flight: changes are at work on it (1)', 1],
      ['Unmanaged groups: no ticket approved them (31)', 31],
    ]);
  });

  it('says of a finding what differs, who wrote last, since when, which rules and which approval', () => {
    expect(rowOf(sampleReport(), 'D-0a41c9e2').split(' | ')).toEqual([
      '| `D-0a41c9e2` new',
      '`Finance Apps` (`216196257331370001`)',
      'application segment `payroll.acme.example` added, moved from `HR Restricted`',
      '`Kim Sandoval` (console), 2026-11-30 18:40 UTC',
      'between 2026-11-30 06:00 UTC and 2026-12-01 06:00 UTC',
      '14 policy rules: `Finance staff` gains 1 application, `External auditors` gains 1 application, 12 more',
      '`ZPA-42` (`jira`), 2026-11-20 14:03 UTC |',
    ]);
  });

  it.each<[id: string, says: string]>([
    ['D-77f0d318', 'a ticket deleted the group, and it exists again'],
    ['D-c3920b6d', 'application segment `scanner-gw.acme.example` removed, now in no group'],
    ['D-c3920b6d', 'a Terraform apply (`ci-terraform`) took it out'],
    ['D-91d4e8a7', 'enabled: `true` → `false`'],
    ['D-91d4e8a7', 'microtenant `216196257331370900`'],
    ['D-2f6a0c15', 'the group no longer exists; a group of the same name exists as `216196257331370077`'],
    ['D-2f6a0c15', 'rules not read: `the policy rules could not be read before the deadline`'],
    ['D-2f6a0c15', 'unknown writer `216196257331372911`'],
    ['D-e05b9d42', 'no ticket approved this group'],
    ['D-e05b9d42', '2026-09-02 06:00 UTC or earlier'],
    ['D-48ab3f90', '2027-01-15 00:00 UTC | `Renamed for the audit; ticket CHG0031980 restores it in January`'],
    ['D-6612fa0e', 'application segment `216196257331380051` | `ZPA-57` (`jira`), 2026-11-30 13:45 UTC'],
    ['D-d8812b77', 'no change: put right in ZPA'],
    ['incomplete-list', 'tenant `acme-prod`, group `216196257331370010`'],
    ['216196257331370082', 'disabled, 1 application segment | watched | `ci-terraform` (Terraform)'],
  ])('says of %s: %s', (id, says) => {
    expect(rowOf(sampleReport(), id)).toContain(says);
  });

  it('does not blame a ticket that wrote the group after somebody had edited it', () => {
    const writer = { id: '216196257331372705', at: '2026-11-30T18:40:11.000Z', of: 'group', kind: 'own' } as const;
    const report = sampleReport({ findings: [findingOf({ writer })] });
    expect(driftMarkdown(report)).toContain(
      'not known: zpa-changes (`216196257331372705`) has written it since, 2026-11-30 18:40 UTC',
    );
  });

  it('says where a removed application segment is now', () => {
    const removed = findingOf({ kind: 'removed', facet: 'app:7', application: { id: '7', name: 'wiki' } });
    const ends = (to: NonNullable<typeof removed.to>) =>
      rowOf(sampleReport({ findings: [{ ...removed, to }] }), removed.id);
    expect(ends({ id: '9', name: 'Web' })).toContain('`wiki` removed, now in `Web`');
    expect(ends({ id: '9', name: '' })).toContain('`wiki` removed, now in `9`');
    expect(ends('gone')).toContain('`wiki` removed, deleted in ZPA');
  });

  it('says that a group lives in another microtenant than approved', () => {
    const moved = findingOf({ facet: 'exists', before: 'microtenant 0', after: 'microtenant 7' });
    expect(rowOf(sampleReport({ findings: [moved] }), moved.id)).toContain(
      'moved from `microtenant 0` to `microtenant 7`',
    );
  });

  it('names what nobody can say is still there, and since when a part of a tenant is unread', () => {
    const [unread] = sampleReport().notChecked;
    const report = sampleReport({
      findings: [],
      unchecked: [findingOf()],
      notChecked: unread === undefined ? [] : [{ ...unread, partSince: '2026-11-02T06:00:00.000Z' }],
    });
    expect(sectionsOf(driftMarkdown(report)).map(([title]) => title)).toContain('Not checked now: as last seen (1)');
    expect(driftMarkdown(report)).toContain('2026-11-29 06:00 UTC, a part of it 2026-11-02 06:00 UTC');
    expect(linesOf(report)[0]).toContain('0 new · 0 still');
  });

  it('says why every finding is new', () => {
    expect(driftMarkdown(sampleReport({ startedAfresh: 'no-earlier-report' }))).toContain('This is the first report');
    expect(driftMarkdown(sampleReport({ startedAfresh: 'earlier-report-unreadable' }))).toContain('could not be read');
  });

  it('is two lines where nothing is to be said', () => {
    const nothing = { findings: [], notChecked: [], closed: [], unmanaged: [] };
    expect(linesOf(sampleReport({ ...nothing, complete: true })).slice(2)).toEqual([
      'Everything is as tickets approved it.',
      '',
    ]);
  });
});

describe('hostile text in the Markdown of a drift report', () => {
  it.each([...HOSTILE_NAMES, 'a|b', 'a\\|b', 'a\\\\|b', '|', '`|`', '`` | ``'])(
    'stays in code spans and cells (%#)',
    (text) => {
      const markdown = driftMarkdown(hostileReport(text));
      for (const [title, rows] of sectionsOf(markdown)) {
        for (const row of rows) {
          for (const split of [byParity, byPreviousCharacter])
            expect(split(row).length, `${title} ${row}`).toBe(cellsOf(title));
        }
      }
      // Without its code spans the text is ours: no markup, no address, no mention.
      const ours = markdown.replaceAll(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, '');
      expect(ours).not.toMatch(/[<>`@\\[\]{}]|https?:|www\./);
      expect(markdown).not.toMatch(/[\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|[^\P{Cc}\n]/u);
    },
  );

  const cellsOf = (title: string) =>
    title.startsWith('Ignored') ? 8 : /^(Not checked|Closed|Unmanaged)/.test(title) ? 6 : 9;

  /** A backslash escapes the character after it, a backslash too (micromark). */
  const byParity = (row: string) => row.replaceAll(/\\[\\|]/g, '').split('|');
  /** A pipe is escaped if the character before it is a backslash (markdown-it, cmark-gfm). */
  const byPreviousCharacter = (row: string) => row.replaceAll(/\\\|/g, '').split('|');
});

describe('the bound of the Markdown', () => {
  const many = sampleReport({
    findings: Array.from({ length: 6000 }, (_, index) =>
      findingOf({ id: `D-${String(index).padStart(8, '0')}`, before: 'x'.repeat(5000), after: 'y'.repeat(5000) }),
    ),
  });

  it('holds for thousands of findings, and says how many it left out', () => {
    const text = driftMarkdown(many);
    expect(text.length).toBeLessThanOrEqual(256 * 1024);
    expect(text.length).toBeGreaterThan(200 * 1024);
    const shown = text.match(/`D-\d{8}`/g)?.length ?? 0;
    expect(text).toContain(`… ${6000 - shown} more rows in the JSON report only`);
  });

  it('holds for every length, and accounts for every row', () => {
    const rows = sectionsOf(driftMarkdown(sampleReport())).reduce((sum, [, of]) => sum + of.length, 0);
    fc.assert(
      fc.property(fc.integer({ min: 700, max: 12_000 }), (maxLength) => {
        const text = driftMarkdown(sampleReport(), { maxLength });
        expect(text.length).toBeLessThanOrEqual(maxLength);
        const shown = sectionsOf(text).reduce((sum, [, of]) => sum + of.length, 0);
        const left = [...text.matchAll(/^… (\d+) /gm)].reduce((sum, [, count]) => sum + Number(count), 0);
        expect(shown + left).toBe(rows);
      }),
    );
  });

  it('keeps the figures in the shortest text', () => {
    const text = driftMarkdown(sampleReport(), { maxLength: 80 });
    expect(text.length).toBeLessThanOrEqual(80);
    expect(text).toContain('**4 new · 3 still · 1 ignored · 1 in flight · 195 of 200 checked**');
  });

  it('gives room to what does most harm first', () => {
    const [exposes, ...others] = sectionsOf(driftMarkdown(sampleReport(), { maxLength: 1700 }));
    expect(exposes?.[1]).toHaveLength(2);
    expect(others.filter(([, rows]) => rows.length > 0).length).toBeLessThan(others.length);
  });
});
