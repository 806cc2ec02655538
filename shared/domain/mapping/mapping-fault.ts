import type { ChangeFault } from '../change/change-fault.ts';
import { visible } from '../text/visible-text.ts';

/**
 * What is wrong with a ticket as a source's mapping reads it: a change's fault that also names the source, the row of
 * its table and, as `path`, the field of the payload.
 */
export type MappingFault = ChangeFault & {
  source: string;
  /** '' where no row is to blame: the ticket as a whole. */
  row: string;
};

/** Where a fault was found. `path`: the payload's field, '' where there is none. */
export type FaultPlace = { source: string; row: string; path: string };

type Parts = {
  value?: unknown;
  /** Instead of `value`: the value as it shall be shown. */
  shown?: string | undefined;
  says: string;
  remedy: string;
  code?: ChangeFault['code'];
};

/** Sentence: `Source "x", row "y": FIELD = "value" <says>.` The value is cut, and what it hides is shown. */
export function mappingFault(place: FaultPlace, parts: Parts): MappingFault {
  const { value, says, remedy, code = 'invalid-change' } = parts;
  const shown = parts.shown ?? (value === undefined ? undefined : showValue(value));
  const row = place.row === '' ? '' : `, row "${place.row}"`;
  const field = [place.path, shown].filter((one) => one !== undefined && one !== '').join(' = ');
  return {
    code,
    ...place,
    ...(shown === undefined ? {} : { value: shown }),
    sentence: `Source "${place.source}"${row}: ${said(field, says)}.`,
    remedy,
  };
}

/** `says` goes on after the field; with a comma or colon of its own it stands without a space. */
function said(field: string, says: string): string {
  if (field === '') return says.replace(/^[,:] /, '');
  return /^[,:]/.test(says) ? `${field}${says}` : `${field} ${says}`;
}

const SHOWN_CHARACTERS = 80;

/** Never walks into a value, so its size and depth do not matter. */
function showValue(value: unknown): string {
  if (typeof value === 'string') return `"${visible(value, SHOWN_CHARACTERS)}"`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value !== null && typeof value === 'object') return 'an object';
  return visible(String(value), SHOWN_CHARACTERS);
}
