import type { z } from 'zod';
import { acrossFields, entriesOf, type FieldsFault, type IsSound } from '../change/across-fields.ts';
import { resolvePreset } from './resolve-preset.ts';
import { mappingShape } from './table/table-schema.ts';

type Shape = z.output<typeof mappingShape>;

/** A source's mapping: a table, with or without a preset, or an expression. */
export const mappingSchema = acrossFields(mappingShape, (mapping, isSound, hasLostEntry) => {
  if (mapping.jsonata === undefined) return tableFaults(mapping, isSound, hasLostEntry(['rows']));
  return (['preset', 'each', 'onReject', 'rows'] as const).flatMap((name) => {
    if (mapping[name] === undefined) return [];
    return [{ path: [name], message: 'cannot stand beside "jsonata", which says everything by itself' }];
  });
});
export type Mapping = z.output<typeof mappingSchema>;

/** A row with a fault of its own is not judged, nor then what the rows lack together: it may be the one that fills it in. */
function tableFaults({ preset, rows, reads }: Shape, isSound: IsSound, hasLostRow: boolean): FieldsFault[] {
  const faults: FieldsFault[] = [];
  if (reads !== undefined)
    faults.push({ path: ['reads'], message: 'belongs to "jsonata"; what a table reads is known' });
  const named = entriesOf(rows ?? {});
  const sound = named.filter(([name]) => isSound(['rows', name], 'from', 'value', 'to'));
  if (!isSound([], 'preset')) return faults;
  const complete = resolvePreset({ preset, rows: Object.fromEntries(sound) });
  const isWhole = sound.length === named.length && !hasLostRow && (named.length > 0 || isSound([], 'rows'));
  if (!('faults' in complete)) return faults;
  return [...faults, ...complete.faults.filter(({ path }) => isWhole || path.length > 1)];
}
