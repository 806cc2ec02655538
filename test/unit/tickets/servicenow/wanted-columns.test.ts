import { expect, it } from 'vitest';
import { approvalSchema } from '../../../../shared/domain/approval/approval-schema.ts';
import { mappingSchema } from '../../../../shared/domain/mapping/mapping-schema.ts';
import { wantedColumns } from '../../../../shared/tickets/servicenow/wanted-columns.ts';

const approval = (gate: object) => approvalSchema.parse({ gate });

it('the columns of a ServiceNow source are those that its mapping and its gate read', () => {
  const rows = { group: { from: 'record.u_zpa.group.display_value' }, tenant: { value: 'acme-prod' } };
  const mapping = mappingSchema.parse({ preset: 'servicenow-task', rows });
  const columns = wantedColumns({ mapping, approval: approval({ preset: 'servicenow-task' }) });
  const some = [
    'number',
    'planned_start_date',
    'variables.zpa_leave_ungrouped',
    'change_request.approval',
    'u_zpa.group',
  ];
  expect(columns).toEqual(expect.arrayContaining(some));
  expect(columns).toContain('opened_by.user_name');
  for (const left of ['variables.zpa_group', 'variables.zpa_tenant', 'table']) expect(columns).not.toContain(left);
  expect(new Set(columns).size).toBe(columns.length);
});

it('an expression adds what it says it reads, and nothing else is a column', () => {
  const reads = ['record.variables.u_list[*].value', 'table', 'record["a b"]'];
  const stated = approval({ ticket: 'record.number', approved: [{ field: 'record.state', oneOf: ['1'] }] });
  expect(wantedColumns({ mapping: mappingSchema.parse({ jsonata: '$', reads }), approval: stated })).toEqual([
    'variables.u_list',
    'number',
    'state',
  ]);
  expect(wantedColumns({ mapping: mappingSchema.parse({ jsonata: '$' }) })).toEqual([]);
  expect(wantedColumns({})).toEqual([]);
});
