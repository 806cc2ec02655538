import { type ChangeFault, showValue } from '../change/change-fault.ts';

/**
 * A fault of a ticket as a source's mapping reads it: a change's fault with the source, the row of its table and, as
 * `path`, the field of the payload.
 */
export type MappingFault = ChangeFault & {
  source: string;
  /** '' where the fault concerns the ticket as a whole and no row. */
  row: string;
};

/** The place of a fault. `path`: the payload's field, '' where there is none. */
export type FaultPlace = { source: string; row: string; path: string };

type Parts = {
  value?: unknown;
  /** Instead of `value`: the value in the form to show. */
  shown?: string | undefined;
  says: string;
  remedy: string;
  code?: ChangeFault['code'];
};

/**
 * Builds a fault whose sentence reads `Source "x", row "y": FIELD = "value" <says>.` The value is cut and its hidden
 * characters made visible.
 */
export function mappingFault(place: FaultPlace, parts: Parts): MappingFault {
  const { value, says, remedy, code = 'invalid-change' } = parts;
  const shown = parts.shown ?? (value === undefined ? undefined : showValue(value));
  const row = place.row === '' ? '' : `, row "${place.row}"`;
  const field = [place.path, shown].filter((one) => one !== undefined && one !== '').join(' = ');
  return {
    code,
    ...place,
    ...(shown === undefined ? {} : { value: shown }),
    sentence: `Source "${place.source}"${row}: ${fieldClause(field, says)}.`,
    remedy,
  };
}

/** Appends `says` to the field; `says` that begins with a comma or colon follows without a space. */
function fieldClause(field: string, says: string): string {
  if (field === '') return says.replace(/^[,:] /, '');
  return /^[,:]/.test(says) ? `${field}${says}` : `${field} ${says}`;
}
