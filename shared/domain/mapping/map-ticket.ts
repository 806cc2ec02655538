import { checkContract } from './check-contract.ts';
import { type Evaluate, mapByExpression } from './map-by-expression.ts';
import { mapByTable } from './map-by-table.ts';
import type { MappedTicket } from './mapped-ticket.ts';
import { type MappingFault, mappingFault } from './mapping-fault.ts';
import type { Mapping } from './mapping-schema.ts';
import { resolvePreset, type TableFault } from './resolve-preset.ts';

export type MappingContext = {
  /** The source's name in the configuration, for the faults. */
  source: string;
  /** Evaluates JSONata; without it a JSONata mapping is a fault. */
  evaluate?: Evaluate | undefined;
};

/**
 * Maps a ticket system's payload to changes. It accepts any payload, does not modify it, never rejects, and returns the
 * same changes for the same payload. It ignores fields that the mapping does not name.
 */
export async function mapTicket(mapping: Mapping, payload: unknown, context: MappingContext): Promise<MappedTicket> {
  const { jsonata, reads } = mapping;
  if (jsonata !== undefined)
    return checkContract(await mapByExpression({ jsonata, reads }, payload, context), context.source);
  const table = resolvePreset(mapping);
  if ('faults' in table) return { kind: 'faults', faults: unusable(context.source, table.faults) };
  return checkContract(mapByTable(table, payload, context.source), context.source);
}

/** The configuration's schema refuses such a table; this serves callers that did not parse the configuration. */
function unusable(source: string, faults: readonly TableFault[]): MappingFault[] {
  return faults.map(({ path, message }) =>
    mappingFault(
      { source, row: path[1] ?? '', path: '' },
      { says: `the row ${message}`, remedy: 'Correct the mapping.' },
    ),
  );
}
