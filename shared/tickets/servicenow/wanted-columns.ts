import { type ApprovalConfiguration, gateOf } from '../../domain/approval/approval-schema.ts';
import type { SourceConfiguration } from '../../domain/configuration/configuration.ts';
import { fieldsRead } from '../../domain/mapping/fields-read.ts';

/**
 * The columns that a source's mapping and gate read from a ServiceNow record, so that a ticket read back contains the
 * same fields as the delivery: `record.variables.zpa_group` is column `variables.zpa_group`. A mapping whose fields are
 * not known (an expression) adds none; `tickets.fields` must name them.
 */
export function wantedColumns({ mapping, approval }: Pick<SourceConfiguration, 'mapping' | 'approval'>): string[] {
  const mapped = mapping === undefined ? [] : fieldsRead(mapping);
  const fields = [...(mapped === 'every' ? [] : mapped), ...(approval === undefined ? [] : gateFields(approval))];
  return [...new Set(fields.flatMap(columnOf))];
}

function gateFields(approval: ApprovalConfiguration): string[] {
  const gate = gateOf(approval);
  if (gate === undefined) return [];
  const { ticket, actor, concerns, approved, decision, submitted, withdrawn, preapproved } = gate;
  const conditions = [...concerns, ...approved, ...submitted, ...withdrawn, ...(preapproved?.when ?? [])];
  const others = [...ticket, ...decision, actor, preapproved?.field].filter((field) => field !== undefined);
  return [...others, ...conditions.map(({ field }) => field)];
}

/** The column of a field; `value` and `display_value` belong to their column. */
function columnOf(field: string): string[] {
  const [, column] = /^record\.((?:[a-z0-9_]+\.)*?[a-z0-9_]+?)(?:\.(?:value|display_value))?$/i.exec(field) ?? [];
  return column === undefined ? [] : [column];
}
