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

  it('shows what differs and who approved it', () => {
    const desired = desiredFrom([settledWith(1, approvedFor('11', { fields: { name: 'Web' } }))]);
    const text = driftMarkdown(reportOf(desired, [liveGroup('11', { name: 'Internet' })]));
    expect(text).toContain('## Changed: not as the ticket approved it (1)');
    expect(text).toContain('`name`: `Web` is `Internet`, approved by `CHG1` (new)');
  });

  it('stays bounded and says what it left out', () => {
    const ids = Array.from({ length: 3000 }, (_, i) => String(i + 1));
    const desired = desiredFrom(
      ids.map((id, i) => settledWith(i + 1, approvedFor(id, { fields: { name: 'x'.repeat(255) } }))),
    );
    const text = driftMarkdown(reportOf(desired, []));
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
    expect(report.schemaVersion).toBe(2);
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
