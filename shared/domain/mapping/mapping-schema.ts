import type { z } from 'zod';
import { resolvePreset } from './resolve-preset.ts';
import { mappingShape } from './table/table-schema.ts';

/** A source's mapping: a table, with or without a preset, or an expression. */
export const mappingSchema = mappingShape.check(({ value, issues }) => {
  const addFault = (path: string[], message: string) => issues.push({ code: 'custom', input: value, path, message });
  if (value.jsonata !== undefined) {
    for (const name of ['preset', 'each', 'onReject', 'rows'] as const) {
      if (value[name] !== undefined) addFault([name], 'cannot stand beside "jsonata", which says everything by itself');
    }
    return;
  }
  if (value.reads !== undefined) addFault(['reads'], 'belongs to "jsonata"; what a table reads is known');
  const complete = resolvePreset(value);
  if ('faults' in complete) for (const { path, message } of complete.faults) addFault(path, message);
});
export type Mapping = z.output<typeof mappingSchema>;
