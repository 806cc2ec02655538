import { describe, expect, it } from 'vitest';
import { sealLine } from '../../../../shared/domain/audit/audit-line.ts';
import { agrees, expectedLines, mayBeForgotten } from '../../../../shared/domain/audit/compare-trail.ts';
import { outcomeLineOf } from '../../../../shared/domain/audit/outcome-line.ts';
import { aChange, anApplied, aRejected } from '../../../fakes/records.ts';

const at = (text: string) => Date.parse(text);
const approval = { by: 'anna@example.org', at: '2026-11-28T08:00:00Z', ref: 'APPR0007' };
const record = aChange({
  state: 'settled',
  ticket: { system: 'Helpdesk', id: 'CHG0000001', requestedBy: 'rita@example.org', approvals: [approval] },
  generation: 2,
  history: [aRejected({ generation: 1, at: at('2026-11-28T23:59:59.999Z') })],
  outcome: anApplied({ generation: 2, at: at('2026-11-29T00:00:00Z') }),
});
const generationsIn = (from: string, to: string, now = at('2026-12-24T00:00:00Z')) =>
  expectedLines(record, { from, to }, now).map(({ line, isUnderWay }) => [line.generation, isUnderWay]);

describe('the lines that follow from the ledger', () => {
  it('are one for each outcome of the days, those of earlier generations too', () => {
    expect(generationsIn('2026-11-28', '2026-11-28')).toEqual([[1, false]]);
    expect(generationsIn('2026-11-29', '2026-11-30')).toEqual([[2, false]]);
    expect(generationsIn('2026-11-28', '2026-11-29')).toHaveLength(2);
    expect(generationsIn('2026-11-30', '2026-12-31')).toEqual([]);
  });

  it('may be on their way for as long as they are tried', () => {
    expect(generationsIn('2026-11-29', '2026-11-29', at('2026-11-29T01:00:00Z'))).toEqual([[2, true]]);
    expect(generationsIn('2026-11-29', '2026-11-29', at('2026-11-29T01:11:00Z'))).toEqual([[2, false]]);
  });
});

describe('a stored line', () => {
  const { line } = outcomeLineOf(record, 2) ?? {};
  if (line === undefined) throw new Error('there is a line');

  it('agrees where a later version of the product writes more, and where the ledger shortened its texts', () => {
    const ticket = { ...line.ticket, url: 'https://tickets.example.org/1' };
    expect(agrees({ ...line, ticket, approvedOn: 'paper' }, line)).toBe(true);
    const cut = { ...record, ticket: { ...record.ticket, requestedBy: `${'r'.repeat(9)}… (cut)` } };
    const whole = { ...line, ticket: { ...line.ticket, requestedBy: 'r'.repeat(320) } };
    expect(agrees(whole, outcomeLineOf(cut, 2)?.line ?? line)).toBe(true);
  });

  it.each([
    ['another content', { fingerprint: '0'.repeat(64) }],
    ['another end', { outcome: { ...line.outcome, kind: 'unchanged' } }],
    ['another write', { outcome: { ...line.outcome, writeId: 'another' } }],
    ['another time', { at: '2026-11-29T00:00:00.001Z' }],
    ['another ticket', { ticket: { ...line.ticket, id: 'CHG0000009' } }],
    ['another requester', { ticket: { ...line.ticket, requestedBy: 'mallory@example.org' } }],
    ['another approver', { ticket: { ...line.ticket, approvals: [{ ...approval, by: 'mallory@example.org' }] } }],
    ['no requester', { ticket: { ...line.ticket, requestedBy: undefined } }],
    ['an approval more', { ticket: { ...line.ticket, approvals: [approval, approval] } }],
    ['an approval less', { ticket: { ...line.ticket, approvals: [] } }],
    ['another change under the same fingerprint', { change: { ...line.change, group: { name: 'Payroll' } } }],
    ['a change that asks for more', { change: { ...line.change, expect: { enabled: true } } }],
    ['a requester more', { ticket: { ...line.ticket, requestedWith: ['mallory@example.org'] } }],
    ['other settings', { settings: { ...line.settings, settledBy: 99 } }],
    ['a plan that nobody saw', { plan: '0'.repeat(64) }],
    ['another acceptance', { acceptedAt: '2020-01-01T00:00:00.000Z' }],
    ['another microtenant', { microtenantId: '7' }],
  ])('differs with %s', (_, over) => {
    expect(agrees(sealLine({ ...line, ...over }), line)).toBe(false);
  });

  it('differs where an approval has what the ledger does not know', () => {
    const [by] = [{ by: approval.by }];
    const bare = { ...record, ticket: { ...record.ticket, approvals: [by] } } as typeof record;
    const { line: expected = line } = outcomeLineOf(bare, 2) ?? {};
    expect(agrees(expected, expected)).toBe(true);
    expect(agrees(line, expected)).toBe(false);
  });
});

describe('a line of an outcome that the ledger does not hold', () => {
  const { line } = outcomeLineOf(record, 2) ?? {};
  if (line === undefined) throw new Error('there is a line');
  const ended = Date.parse(line.at);

  it('may be of one that the ledger has forgotten by its time, or beyond the attempts that it keeps', () => {
    expect(mayBeForgotten(line, undefined, ended)).toBe(false);
    expect(mayBeForgotten(line, undefined, ended + 1)).toBe(true);
    expect(mayBeForgotten(line, 2, ended)).toBe(false);
    expect(mayBeForgotten(line, 3, ended)).toBe(true);
  });
});
