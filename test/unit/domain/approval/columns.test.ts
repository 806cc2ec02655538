import { describe, expect, it } from 'vitest';
import { columnEdits } from '../../../../shared/domain/approval/column-edits.ts';
import { columnOf, isEditOf } from '../../../../shared/domain/approval/columns.ts';

it.each([
  ['record.approval.display_value', 'record.approval'],
  ['record.approval.value', 'record.approval'],
  ['record.value', 'record.value'],
  ['value', 'value'],
  ['record.variables.zpa_group', 'record.variables.zpa_group'],
  ['issue.fields.customfield_1[*].value', 'issue.fields.customfield_1'],
  ['issue.fields.status.name', 'issue.fields.status'],
  ['issue.key.part.name', 'issue.key.part.name'],
  ['record.fields.status.name', 'record.fields.status.name'],
  ['record..x', ''],
])('%s is of the column %s', (path, column) => {
  expect(columnOf(path)).toBe(column);
});

it.each([
  ['record.variables', 'record.variables.zpa_group', true],
  ['record.state', 'record.state', true],
  ['record.variables.zpa_group', 'record.variables', false],
  ['record.variable', 'record.variables', false],
])('an edit of %s is one of %s: %s', (field, column, isOne) => {
  expect(isEditOf(field, column)).toBe(isOne);
});

describe('an edit of a column', () => {
  const approved = { field: 'record.approval', oneOf: ['approved'] };
  const at = '2026-12-01T07:00:00Z';
  const edit = (from: string[] | undefined, to: string[] | undefined, field = 'record.approval') => ({
    ...{ field, by: 'kim', at },
    ...(from && { from }),
    ...(to && { to }),
  });
  const judged = (one: ReturnType<typeof edit>, now = 'approved', edits = [one], condition = approved) => {
    const column = columnEdits(condition, { record: { approval: now } }, edits);
    const names = ['has', 'mayHoldBefore', 'leaves', 'enters', 'mayWithdraw'] as const;
    return names.filter((name) => column[name](one));
  };
  const [IN, OUT] = [['approved'], ['requested']];

  it.each<[string, ReturnType<typeof edit>, string, string[]]>([
    ['enters', edit(OUT, IN), 'approved', ['has', 'enters', 'mayWithdraw']],
    ['leaves', edit(IN, OUT), 'requested', ['has', 'mayHoldBefore', 'leaves']],
    ['stays', edit(IN, IN), 'approved', ['has', 'mayHoldBefore', 'mayWithdraw']],
    ['is elsewhere', edit(OUT, IN, 'record.state'), 'approved', ['mayHoldBefore']],
    [
      'is of what contains it, and may be any',
      edit(OUT, OUT, 'record'),
      'approved',
      ['has', 'mayHoldBefore', 'leaves', 'enters', 'mayWithdraw'],
    ],
    [
      'does not tell its values, and may be any',
      edit(undefined, undefined),
      'approved',
      ['has', 'mayHoldBefore', 'leaves', 'enters', 'mayWithdraw'],
    ],
    [
      'speaks in other words than the ticket, and may be any',
      edit(OUT, OUT),
      'approved',
      ['has', 'mayHoldBefore', 'leaves', 'enters', 'mayWithdraw'],
    ],
  ])('that %s', (_, one, now, expected) => {
    expect(judged(one, now)).toEqual(expected);
  });

  it('is read by the latest of them: of one second any may be the last, and earlier ones say nothing of now', () => {
    const one = edit(OUT, IN);
    const plainly = judged(one);
    expect(judged(one, 'approved', [one, edit(IN, OUT)])).toEqual(plainly);
    expect(judged(one, 'approved', [{ ...edit(IN, OUT), at: '2026-12-01T06:00:00Z' }, one])).toEqual(plainly);
    const later = { ...edit(IN, OUT), at: '2026-12-01T08:00:00Z' };
    expect(judged(one, 'approved', [one, later])).toContain('leaves');
    expect(judged(one, 'approved', [one, { ...later, field: 'record.state' }])).toEqual(plainly);
    expect(judged(one, 'approved', [one, edit(IN, undefined)])).toEqual(plainly);
  });

  it('tells nothing of a text that is displayed', () => {
    const one = edit(OUT, IN);
    const displayed = { ...approved, field: 'record.approval.display_value' };
    expect(judged(one, 'approved', [one], displayed)).toContain('leaves');
  });
});
