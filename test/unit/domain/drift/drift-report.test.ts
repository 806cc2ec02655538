import { describe, expect, it } from 'vitest';
import type { DriftReport, Finding } from '../../../../shared/domain/drift/drift.ts';
import {
  driftHeadline,
  driftMarkdown,
  MAX_MARKDOWN,
  reportKeys,
} from '../../../../shared/domain/drift/drift-report.ts';

const approval = { key: 'CHG1', source: 'desk', ticket: 'T-1', at: '2026-11-01T00:00:00.000Z' };
const managed = { groupId: '11', name: 'Web', microtenantId: '0', tenant: 'acme', approval, pending: 0 };
const coverage = {
  live: 8,
  managed: 7,
  unmanaged: 1,
  inSync: 1,
  drifted: 2,
  inFlight: 3,
  notChecked: 4,
  resurrected: 5,
};

const report = (findings: Finding[], over: Partial<DriftReport> = {}): DriftReport => ({
  schemaVersion: 1,
  lane: 'PRODUCTION:1',
  tenants: ['acme', 'zc'],
  startedAt: '2026-12-01T06:00:00.123Z',
  finishedAt: '2026-12-01T06:01:00.000Z',
  complete: true,
  coverage,
  findings,
  applicationNames: { 101: 'wiki' },
  ...over,
});
/** The text below the title of one finding. */
const toldOf = (finding: Finding) =>
  driftMarkdown(report([finding]))
    .split('\n')
    .slice(8)
    .join('\n')
    .trim();

const missing: Finding = { kind: 'missing', ...managed };
const writer = (ours?: boolean, at?: string) => ({ id: '900', ...(ours !== undefined && { ours }), ...(at && { at }) });

describe('the report', () => {
  it('begins with what it covers, in figures', () => {
    expect(driftMarkdown(report([])).split('\n')).toEqual([
      '# Drift of `PRODUCTION:1`',
      '',
      '2026-12-01T06:00:00.123Z to 2026-12-01T06:01:00.000Z, tenants `acme`, `zc`',
      '',
      '| live | managed | in sync | drifted | in flight | not checked | resurrected | unmanaged | coverage |',
      '|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
      '| 8 | 7 | 1 | 2 | 3 | 4 | 5 | 1 | 88 % |',
      '',
      'Everything is as tickets approved it.',
      '',
    ]);
  });

  it('of an empty tenant covers all of it', () => {
    const nothing = { ...coverage, live: 0, unmanaged: 0 };
    expect(driftMarkdown(report([], { coverage: nothing }))).toContain(' 100 % |');
  });

  it('has a part per kind that was found, with its count', () => {
    const text = driftMarkdown(
      report([missing, { ...missing, groupId: '12' }, { kind: 'resurrected', ...managed, deletedId: '11' }]),
    );
    expect(text.split('\n').filter((line) => /^(##|- )/.test(line))).toEqual([
      '## Missing: approved by a ticket, not in ZPA (2)',
      '- **`Web`** (`11`)',
      '- **`Web`** (`12`)',
      '## Resurrected: deleted by a ticket, live again (1)',
      '- **`Web`** (`11`)',
    ]);
    expect(text).not.toContain('Everything is as');
    expect(text).toContain('\n\n## Missing');
    expect(text).toContain(' (2)\n\n- **');
    expect(text).toContain('\n\n## Resurrected');
  });
});

const APPROVED = '  - last approved by `CHG1`, ticket `T-1`, from `desk`, 2026-11-01T00:00:00.000Z';

describe('a finding', () => {
  it.each<[string, Finding, string[]]>([
    ['that a group is missing', missing, ['- **`Web`** (`11`)', APPROVED]],
    [
      'that a group is missing, and made anew by hand',
      { ...missing, sameName: '77' },
      ['- **`Web`** (`11`)', '  - a group of this name that no ticket made lives as `77`', APPROVED],
    ],
    [
      'of a group in a microtenant that nobody ever named',
      { ...missing, name: '', microtenantId: '42' },
      ['- **a group without a known name** (`11`, microtenant `42`)', APPROVED],
    ],
    [
      'while changes are under way',
      { ...missing, pending: 2 },
      ['- **`Web`** (`11`)', APPROVED, '  - in flight: 2 changes on this group'],
    ],
    [
      'while one change is under way',
      { ...missing, pending: 1 },
      ['- **`Web`** (`11`)', APPROVED, '  - in flight: 1 change on this group'],
    ],
    [
      'that fields were changed, by our own client',
      {
        kind: 'changed',
        ...managed,
        differences: [
          { field: 'name', desired: 'Web', live: 'Net', key: 'CHG1' },
          { field: 'enabled', desired: 'true', live: 'false', key: 'CHG2' },
        ],
        lastWriter: writer(true, '2026-11-30T00:00:00.000Z'),
      },
      [
        '- **`Web`** (`11`)',
        '  - name: approved `Web` by `CHG1`, live `Net`',
        '  - enabled: approved `true` by `CHG2`, live `false`',
        APPROVED,
        '  - last written by `900` (our own API client), 2026-11-30T00:00:00.000Z',
      ],
    ],
    [
      'of memberships, by somebody else',
      { kind: 'membership', ...managed, added: ['101', '102'], removed: [], lastWriter: writer(false) },
      [
        '- **`Web`** (`11`)',
        '  - added: `wiki` (`101`), `102`',
        APPROVED,
        '  - last written by `900` (not our API client)',
      ],
    ],
    [
      'of memberships, by who knows',
      { kind: 'membership', ...managed, added: [], removed: ['101'], lastWriter: writer() },
      ['- **`Web`** (`11`)', '  - taken out: `wiki` (`101`)', APPROVED, '  - last written by `900`'],
    ],
    [
      'that a group lives again under another id',
      { kind: 'resurrected', ...managed, deletedId: '10' },
      ['- **`Web`** (`11`)', '  - deleted as `10`', APPROVED],
    ],
    [
      'that a group lives again',
      { kind: 'resurrected', ...managed, deletedId: '11' },
      ['- **`Web`** (`11`)', APPROVED],
    ],
    [
      'of a group in no ticket',
      {
        kind: 'unmanaged',
        groupId: '9',
        name: 'Lab',
        microtenantId: '0',
        pending: 0,
        enabled: true,
        applicationCount: 3,
      },
      ['- **`Lab`** (`9`)', '  - enabled, 3 application segments'],
    ],
    [
      'of a group in no ticket that is switched off',
      {
        kind: 'unmanaged',
        groupId: '9',
        name: 'Lab',
        microtenantId: '0',
        pending: 0,
        enabled: false,
        applicationCount: 0,
      },
      ['- **`Lab`** (`9`)', '  - disabled, 0 application segments'],
    ],
    [
      'that a tenant could not be read',
      { kind: 'not-checked', tenant: 'acme', code: 'unreachable', reason: 'no answer', groups: 4 },
      ['- tenant `acme`: `unreachable` `no answer` (4 managed groups)'],
    ],
    [
      'that one group could not be read',
      { kind: 'not-checked', tenant: 'acme', microtenantId: '42', groupId: '11', code: 'x', reason: 'y', groups: 1 },
      ['- tenant `acme`, microtenant `42`, group `11`: `x` `y` (1 managed group)'],
    ],
  ])('%s', (_, finding, lines) => {
    expect(
      toldOf(finding)
        .split('\n')
        .slice(1)
        .filter((line) => line !== ''),
    ).toEqual(lines);
  });

  it('lists at most twenty applications, and counts the rest', () => {
    const ids = (count: number) => Array.from({ length: count }, (_, index) => `${200 + index}`);
    const of = (count: number) => toldOf({ kind: 'membership', ...managed, added: ids(count), removed: [] });
    expect(of(20)).toContain('`219`\n');
    expect(of(21)).toContain('`219`, and 1 more\n');
  });
});

describe('a report that is too long', () => {
  it('leaves out the end of a part, says how much, and goes on with the next', () => {
    const many = Array.from(
      { length: 3000 },
      (_, index): Finding => ({ ...missing, groupId: `${index}`, name: 'x'.repeat(200) }),
    );
    const text = driftMarkdown(report([...many, { kind: 'resurrected', ...managed, deletedId: '11' }]));
    const shown = text.split('\n').filter((line) => line.startsWith('- **`xx')).length;
    expect(text).toContain(`- … and ${3000 - shown} more, see the JSON report\n\n## Resurrected`);
    expect(text.length).toBeLessThan(MAX_MARKDOWN);
    expect(text.length).toBeGreaterThan(MAX_MARKDOWN - 4000);
  });
});

describe('the headline', () => {
  it('counts what calls for somebody', () => {
    const unread: Finding = { kind: 'not-checked', tenant: 'acme', code: 'x', reason: 'y', groups: 1 };
    expect(driftHeadline(report([missing, { ...missing, groupId: '12' }, { ...missing, pending: 1 }, unread]))).toBe(
      'PRODUCTION:1: 2 drift findings',
    );
    expect(driftHeadline(report([missing]))).toBe('PRODUCTION:1: 1 drift finding');
  });
});

describe('the key of a report', () => {
  it('sorts by time, to the second', () => {
    expect(reportKeys(report([])).dated).toBe('drift/PRODUCTION-1/20261201T060000Z');
  });
});
