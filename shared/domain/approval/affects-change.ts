import { fieldsRead, readsField } from '../mapping/fields-read.ts';
import type { Mapping } from '../mapping/mapping-schema.ts';
import type { Gate } from './approval-schema.ts';
import { columnOf, isEditOf } from './columns.ts';

/**
 * Whether an edit of `field` may have changed the ticket's request. Where the fields of the mapping are unknown, every
 * field counts except those of the gate: a ticket that moves on to its next state still requests the same.
 */
export function affectsChange(mapping: Mapping, gate: Gate, field: string): boolean {
  return readsField(mapping, field) && !(fieldsRead(mapping) === 'every' && isOfGate(gate, field));
}

function isOfGate(gate: Gate, field: string): boolean {
  const conditions = [...gate.concerns, ...gate.approved, ...gate.submitted, ...gate.withdrawn];
  const fields = [...conditions.map((one) => one.field), ...(gate.actor === undefined ? [] : [gate.actor])];
  return fields.some((one) => isEditOf(field, columnOf(one)));
}
