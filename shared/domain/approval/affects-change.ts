import { fieldsRead, readsField } from '../mapping/fields-read.ts';
import type { Mapping } from '../mapping/mapping-schema.ts';
import { requesterPaths } from '../mapping/requesters-in.ts';
import type { Gate } from './approval-schema.ts';
import { columnOf, isEditOf } from './columns.ts';

/**
 * True if an edit of `field` may have changed the ticket's request. Where the fields of the mapping are unknown, every
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

/**
 * True if an edit of `field` may have changed who stands for the request: a field in which the ticket system or the mapping
 * names them, or a link to the record that names them.
 */
export function namesRequester(mapping: Mapping, field: string): boolean {
  const mapped = requesterPaths(mapping).map(({ text }) => columnOf(text));
  return [...REQUESTER_COLUMNS, ...mapped].some((column) => isEditOf(field, column));
}

const REQUESTER_COLUMNS = [
  ...['record', 'record.change_request', 'record.request'].flatMap((record) =>
    ['requested_by', 'requested_for', 'opened_by'].map((one) => `${record}.${one}`),
  ),
  'issue.fields.reporter',
  'issue.fields.creator',
];
