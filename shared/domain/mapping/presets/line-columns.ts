import type { MappingTable, Transform } from '../table/table-schema.ts';

/**
 * Several changes in one text field, one per line: `ACTION; GROUP; APPLICATIONS TO ADD; TO REMOVE; NEW NAME; MOVE TO`.
 * Applications are separated by commas; blank columns at the end may be left out. `prefix` precedes the names of form
 * fields.
 *
 *     Add applications; Web Apps; Wiki, Intranet
 *     Rename group; Staging Apps; ; ; Acceptance Apps
 */
export function lineColumns(prefix: string): Transform {
  return {
    columns: [`${prefix}action`, `${prefix}group`, 'add', 'remove', `${prefix}new_name`, `${prefix}move_to`],
    by: ';',
  };
}

/** Rows that read the columns that only such a line has. */
export const LINE_ROWS: NonNullable<MappingTable['rows']> = {
  'to add in a line': { from: '$line.add', transform: [{ split: ',' }], to: 'applications.add' },
  'to remove in a line': { from: '$line.remove', transform: [{ split: ',' }], to: 'applications.remove' },
};
