import { describe, expect, it } from 'vitest';
import { csvHead, csvRow } from '../../../../shared/domain/audit/audit-csv.ts';
import { type AuditLine, sealLine } from '../../../../shared/domain/audit/audit-line.ts';
import { outcomeLineOf } from '../../../../shared/domain/audit/outcome-line.ts';
import { aChange, anApplied, aRejected } from '../../../fakes/records.ts';

/** The cell of a column, without its quotation marks. */
function cell(name: string, record: ReturnType<typeof aChange>): string | undefined {
  const { line } = outcomeLineOf(record, 1) ?? {};
  if (line === undefined) throw new Error('it has a line');
  return cellOf(name, line);
}
function cellOf(name: string, line: AuditLine): string | undefined {
  const cells = (row: string) => row.trimEnd().slice(1, -1).split('","');
  return cells(csvRow(line))[cells(csvHead()).indexOf(name)];
}
const settled = (over: Parameters<typeof aChange>[0]) => aChange({ state: 'settled', outcome: aRejected(), ...over });

describe('a row of an export', () => {
  it('names the group as it was written, or as a change that was rejected asked for it', () => {
    const { change } = aChange();
    const group = (one: { id: string } | { name: string }) =>
      cell('group', settled({ change: { ...change, group: one } as typeof change }));
    expect(group({ name: 'Payroll' })).toBe('Payroll');
    expect(group({ id: '700000001' })).toBe('700000001');
    const applied = anApplied();
    expect(cell('group', settled({ outcome: applied }))).toBe(applied.kind === 'applied' && applied.effect.after?.name);
  });

  it('says what was written, fields with it', () => {
    const { effect } = anApplied() as Extract<ReturnType<typeof anApplied>, { kind: 'applied' }>;
    const { before, after } = effect;
    if (before === null || after === null) throw new Error('it is an update');
    const written = (one: Partial<typeof effect>) =>
      cell('written', settled({ outcome: anApplied({ effect: { ...effect, ...one } }) }));
    expect(written({ before: { ...before, description: 'old' }, after: { ...after, description: 'new' } })).toBe(
      'Enable. Description: old → new',
    );
    expect(written({ before: null, added: ['926'] })).toBe('Create, enabled. Add 1 application segment: 926');
    expect(written({ after: null })).toBe('Delete');
    expect(cell('written', settled({}))).toBe('');
  });

  it('holds nothing that a spreadsheet takes for a formula', () => {
    const ticket = { ...aChange().ticket, id: '=HYPERLINK(A1)', requestedBy: '@SUM(A1)' };
    expect(cell('ticket', settled({ ticket }))).toBe("'=HYPERLINK(A1)");
    expect(cell('requested by', settled({ ticket }))).toBe("'@SUM(A1)");
  });
});

describe('a row of an act', () => {
  it('says why in the person’s words, and how it ended with the code of the error', () => {
    const act = {
      schemaVersion: 1,
      kind: 'act',
      at: '2026-11-29T08:00:00.000Z',
      id: 'a',
      act: 'failures dismiss',
    } as const;
    const line = (over: object) =>
      sealLine({ ...act, phase: 'ended' as const, principal: 'local', details: { reason: 'sent anew' }, ...over });
    const failed = line({ result: 'failed', error: 'failure-changed' });
    expect([cellOf('reason', failed), cellOf('outcome', failed)]).toEqual(['sent anew', 'failed failure-changed']);
    const old = line({ result: 'done', details: {} });
    expect([cellOf('reason', old), cellOf('outcome', old)]).toEqual(['', 'done']);
  });
});
