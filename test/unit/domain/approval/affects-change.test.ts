import { expect, it } from 'vitest';
import { affectsChange } from '../../../../shared/domain/approval/affects-change.ts';
import { approvalSchema, gateOf } from '../../../../shared/domain/approval/approval-schema.ts';
import { mappingSchema } from '../../../../shared/domain/mapping/mapping-schema.ts';

const gate = gateOf(approvalSchema.parse({ gate: { preset: 'servicenow-change' } }));
if (gate === undefined) throw new Error('the preset is complete');
const expression = '{"ticket": record.number, "changes": []}';

it.each([
  ['a table', { preset: 'servicenow-change' }, 'record.start_date', true],
  ['a table', { preset: 'servicenow-change' }, 'record.variables', true],
  ['a table', { preset: 'servicenow-change' }, 'record.variables.zpa_group.value', true],
  ['a table', { preset: 'servicenow-change' }, 'record.work_notes', false],
  ['a table', { preset: 'servicenow-change' }, 'record.state', false],
  ['an expression that says what it reads', { jsonata: expression, reads: ['record.u_x'] }, 'record.u_y', false],
  ['an expression that says what it reads', { jsonata: expression, reads: ['record.u_x'] }, 'record.u_x', true],
  ['an expression that does not', { jsonata: expression }, 'record.work_notes', true],
  ['an expression that does not', { jsonata: expression }, 'record.state', false],
  ['an expression that does not', { jsonata: expression }, 'record.sys_updated_by', false],
])('with %s (%j) an edit of %s makes another change: %s', (_, mapping, field, makes) => {
  expect(affectsChange(mappingSchema.parse(mapping), gate, field)).toBe(makes);
});
