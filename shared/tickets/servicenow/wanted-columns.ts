import { type ApprovalConfiguration, gateOf } from '../../domain/approval/approval-schema.ts';
import type { SourceConfiguration } from '../../domain/configuration/configuration.ts';
import { fieldsRead } from '../../domain/mapping/fields-read.ts';

/**
 * Columns that a source's mapping and gate read of a ServiceNow record, so that what is read back holds what was sent:
 * `record.variables.zpa_group` is column `variables.zpa_group`. A mapping that does not say what it reads adds none;
 * `tickets.fields` names them then.
 */
export function wantedColumns({ mapping, approval }: Pick<SourceConfiguration, 'mapping' | 'approval'>): string[] {
  const mapped = mapping === undefined ? [] : fieldsRead(mapping);
  const fields = [...(mapped === 'every' ? [] : mapped), ...(approval === undefined ? [] : gateFields(approval))];
  return [...new Set(fields.flatMap(columnOf))];
}

function gateFields(approval: ApprovalConfiguration): string[] {
  const gate = gateOf(approval);
  if (gate === undefined) return [];
  const { ticket, actor, concerns, approved, submitted, withdrawn, preapproved } = gate;
  const conditions = [...concerns, ...approved, ...submitted, ...withdrawn, ...(preapproved?.when ?? [])];
  const others = [...ticket, actor, preapproved?.field].filter((field) => field !== undefined);
  return [...others, ...conditions.map(({ field }) => field)];
}

/** A field of a column (`value`, `display_value`) comes with it. */
function columnOf(field: string): string[] {
  const [, column] = /^record\.((?:[a-z0-9_]+\.)*?[a-z0-9_]+?)(?:\.(?:value|display_value))?$/i.exec(field) ?? [];
  return column === undefined ? [] : [column];
}
