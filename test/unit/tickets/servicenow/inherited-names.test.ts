import { describe, expect, it } from 'vitest';
import { approvalSchema, gateOf } from '../../../../shared/domain/approval/approval-schema.ts';
import { approvedQueryOf } from '../../../../shared/tickets/servicenow/approved-query.ts';
import { plainValue, toNestedRecord } from '../../../../shared/tickets/servicenow/servicenow-records.ts';

describe('a column of ServiceNow whose name every object inherits', () => {
  const value = { value: 'x', display_value: 'X' };

  it.each(['__proto__', 'constructor'])('%s below a column is a field, and changes no other object', (name) => {
    const nested = toNestedRecord({ opened_by: { ...value }, [`opened_by.${name}.polluted`]: value });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(JSON.stringify(nested)).toBe(
      `{"opened_by":{"value":"x","display_value":"X","${name}":{"polluted":{"value":"x","display_value":"X"}}}}`,
    );
  });

  it('has no value where the record lacks it', () => {
    expect(plainValue(Object.create({ inherited: 'text' }), 'inherited')).toBe('');
  });

  it('names a table that may have any links', () => {
    const column = 'record.request.approval.value';
    const approved = [{ field: column, oneOf: ['approved'] }];
    const gate = gateOf(
      approvalSchema.parse({ gate: { ticket: 'record.number.value', approved, decision: [column] } }),
    );
    const query = approvedQueryOf({ approvedQuery: undefined }, gate, 'constructor')?.query;
    expect(query).toBe('active=true^request.approval=approved');
  });
});
