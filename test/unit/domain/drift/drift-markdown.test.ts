import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  driftHeadline,
  driftJson,
  driftMarkdown,
  MAX_MARKDOWN,
  reportKeys,
} from '../../../../shared/domain/drift/drift-report.ts';
import { codeSpan, visible } from '../../../../shared/domain/text/visible-text.ts';
import { approvedFor, desiredFrom, liveGroup, reportOf, settledWith } from '../ledger-items.ts';

/** The text of a line of Markdown outside its code spans; a span ends at a run of backticks as long as its first one. */
function outsideCode(line: string): string {
  let rest = line;
  let outside = '';
  for (;;) {
    const open = /`+/.exec(rest);
    if (open === null) return outside + rest;
    outside += rest.slice(0, open.index);
    const after = rest.slice(open.index + open[0].length);
    const close = [...after.matchAll(/`+/g)].find(([run]) => run.length === open[0].length);
    if (close === undefined) return outside + open[0] + after;
    rest = after.slice(close.index + close[0].length);
  }
}

const HOSTILE = [
  '[click](https://evil.example)',
  '![](https://evil.example/pixel.png)',
  '@everyone `code` ``two``',
  '<img src=x onerror=alert(1)>',
  'a | b\n| --- | --- |\n# heading',
  '\u202Egpj.exe\u0007\u001B[2J',
];

describe('the Markdown report', () => {
  it.each(HOSTILE)('keeps %j from acting', (name) => {
    const desired = desiredFrom([settledWith(1, approvedFor('11', { fields: { name, description: name } }))]);
    const text = driftMarkdown(reportOf(desired, [liveGroup('11', { name: `${name}!` }), liveGroup('12', { name })]));
    const bullets = text.split('\n').filter((line) => /^\s*- /.test(line));
    expect(bullets.length).toBeGreaterThan(3);
    for (const line of bullets) expect(outsideCode(line)).not.toMatch(/evil|everyone|onerror|heading|gpj|---/);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(
      text
        .split('\n')
        .filter((line) => line.startsWith('#'))
        .every((line) => /^##? (Drift|Changed|Unmanaged)/.test(line)),
    ).toBe(true);
  });

  it('shows what differs, who approved it and who wrote last', () => {
    const desired = desiredFrom([
      settledWith(1, approvedFor('11', { fields: { name: 'Web' }, members: { has: ['101'], hasNot: [] } })),
    ]);
    const report = reportOf(desired, [liveGroup('11', { name: 'Internet' })]);
    const text = driftMarkdown({ ...report, applicationNames: { 101: 'wiki' } });
    expect(text).toContain('## Changed: not as the ticket approved it (1)');
    expect(text).toContain('  - name: approved `Web` by `CHG1`, live `Internet`');
    expect(text).toContain('  - taken out: `wiki` (`101`)');
    expect(text).toContain('  - last written by `72058304855015425`, 2025-11-13T02:13:20.000Z');
    expect(text).toContain('| 1 | 1 | 0 | 1 | 0 | 0 | 0 | 0 | 100 % |');
  });

  it('stays bounded and says what it left out', () => {
    const groups = Array.from({ length: 3000 }, (_, i) => liveGroup(String(i + 1), { name: 'x'.repeat(255) }));
    const text = driftMarkdown(reportOf([], groups));
    expect(text.length).toBeLessThan(MAX_MARKDOWN);
    expect(text).toMatch(/… and \d+ more, see the JSON report/);
  });

  it('is glad when there is nothing', () => {
    expect(driftMarkdown(reportOf([], []))).toContain('Everything is as tickets approved it.');
  });
});

describe('codeSpan', () => {
  it('never lets foreign text out, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '|', '*', '\n', '\u2066', '\u0000') }), (text) => {
        expect(['', '(empty)']).toContain(outsideCode(codeSpan(text)));
      }),
    );
  });
});

describe('visible', () => {
  it('spells out what is unseen and cuts what is long', () => {
    expect(visible('a\u202Eb\u001B[31m')).toBe('a\\u{202E}b\\u{1B}[31m');
    expect(visible('x'.repeat(300), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(visible(`${'x'.repeat(8)}😀yz`, 10)).toBe(`${'x'.repeat(8)}…`);
  });
});

describe('JSON, headline and keys', () => {
  const report = reportOf([], [liveGroup('1')]);

  it('JSON is the report itself', () => {
    expect(JSON.parse(driftJson(report))).toEqual(report);
    expect(report.schemaVersion).toBe(1);
  });

  it('the headline counts drift only', () => {
    expect(driftHeadline(report)).toBe('PRODUCTION:1234567890: no drift');
    const desired = desiredFrom([settledWith(1, approvedFor('9'))]);
    expect(driftHeadline(reportOf(desired, []))).toBe('PRODUCTION:1234567890: 1 drift finding');
    expect(driftHeadline({ ...report, complete: false })).toContain('not everything could be read');
  });

  it('keys hold nothing that a file system or URL minds', () => {
    expect(reportKeys(report)).toEqual({
      dated: 'drift/PRODUCTION-1234567890/20251124T160000Z',
      latest: 'drift/PRODUCTION-1234567890/latest',
    });
  });
});
