import { describe, expect, it } from 'vitest';
import { csvHead, csvRow } from '../../../../shared/domain/audit/audit-csv.ts';
import { outcomeLineOf } from '../../../../shared/domain/audit/outcome-line.ts';
import { aChange, anApplied, aRejected } from '../../../fakes/records.ts';

/** The cell of a column, without its quotation marks. */
function cell(name: string, record: ReturnType<typeof aChange>): string | undefined {
  const { line } = outcomeLineOf(record, 1) ?? {};
  if (line === undefined) throw new Error('it has a line');
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

  it('holds nothing that a spreadsheet takes for a formula', () => {
    const ticket = { ...aChange().ticket, id: '=HYPERLINK(A1)', requestedBy: '@SUM(A1)' };
    expect(cell('ticket', settled({ ticket }))).toBe("'=HYPERLINK(A1)");
    expect(cell('requested by', settled({ ticket }))).toBe("'@SUM(A1)");
  });
});
