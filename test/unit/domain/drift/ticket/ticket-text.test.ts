import { expect, it } from 'vitest';
import { ticketText } from '../../../../../shared/domain/drift/ticket/ticket-text.ts';
import { toTerminal } from '../../../../../shared/domain/text/terminal.ts';
import { aFinding, aNotChecked, aSurvey } from '../../sample-drift.ts';
import { sampleReport } from '../sample-report.ts';

it('a ticket tells each difference with its effect, its writer and what to do', () => {
  const report = sampleReport();
  const text = toTerminal(ticketText(report, 'acme-prod', 'open'));
  const open = report.findings.filter(({ state }) => state === 'new' || state === 'still');
  for (const { id } of open) expect(text).toContain(id);
  for (const { id } of report.findings.filter(({ state }) => state === 'ignored')) expect(text).not.toContain(id);
  expect(text).toContain('Kim Sandoval');
  expect(text).toContain('ZPA-57@10388');
  expect(text, 'closed, of another tenant').not.toContain('Print Servers');
  expect(text).toContain('drift open --tenant acme-prod --date 2026-12-01');
});

it('a clean report says so', () => {
  const text = toTerminal(ticketText(aSurvey(), 'acme', 'close'));
  expect(text).toContain('everything is as tickets approved it');
  expect(text).toContain('Nothing differs any more');
});

it('a ticket that is closed over an ignored difference does not say that nothing differs', () => {
  const text = toTerminal(ticketText(aSurvey({ findings: [aFinding({ state: 'ignored' })] }), 'acme', 'close'));
  expect(text).toContain('everything is as tickets approved it, but for 1 ignored.');
  expect(text).not.toContain('Nothing differs');
});

it('a ticket says what it leaves out, and what could not be read', () => {
  const many = Array.from({ length: 900 }, (_, index) => aFinding({ id: `D-${String(index).padStart(8, '0')}` }));
  const notChecked = [aNotChecked(), aNotChecked({ tenant: 'globex', reason: 'elsewhere' })];
  const text = toTerminal(ticketText(aSurvey({ findings: many, notChecked }), 'acme', 'comment'));
  expect(text.length).toBeLessThan(32_000);
  expect(text).toContain('And 870 other differences.');
  expect(text).toContain('ZPA answered 503.');
  expect(text).not.toContain('elsewhere');
});

it('names hold no character that a viewer obeys', () => {
  const hostile = aFinding({ group: { ...aFinding().group, name: 'A\u202Eb' }, after: 'x\u0007y' });
  const text = JSON.stringify(ticketText(aSurvey({ findings: [hostile] }), 'acme', 'open'));
  expect(text).not.toMatch(/\u202E|\\u0007/u);
});
