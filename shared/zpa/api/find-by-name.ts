import { isSameText } from '../../domain/text/same-text.ts';
import type { ListOptions } from '../../ports/ports.ts';
import { ZpaError } from '../http/zpa-error.ts';
import { collect } from './paginate.ts';

/**
 * Values that ZPA's filter is known to accept. The public Go SDK drops every other character before it searches, and so
 * never finds a name that contains one.
 */
const SEARCHABLE = /^[A-Za-z0-9_/.-]+( [A-Za-z0-9_/.-]+)*$/;

/**
 * Words that a filter may take for its own, in any case (documentation samples write `eq` too): it is not established
 * where a value with them ends for ZPA.
 */
const OPERATOR = /\b(?:and|or|not|eq|ne|gt|lt|ge|le|like|contains|startswith|endswith)\b/i;

/**
 * Finds every object whose decoded name equals `name`, case included and in any Unicode form; ZPA may hold several. It
 * first searches for `name EQ …` (recorded: ZPA returns exact matches only). It reads the whole list if the search cannot
 * carry the name, ZPA refuses the search (`filtering.input.invalid.operand`), or a search that ZPA may have misread finds
 * none. So no object is missed because of its name: a searchable name is ASCII and has one Unicode form.
 */
export async function findByName<T extends { name: string }>(
  list: (options: ListOptions) => AsyncIterable<T>,
  name: string,
  options: ListOptions = {},
): Promise<T[]> {
  const isNamed = (one: T) => isSameText(one.name, name);
  const found = (await search(list, name, options))?.filter(isNamed);
  if (found !== undefined && (found.length > 0 || !OPERATOR.test(name))) return found;
  return (await collect(list(options))).filter(isNamed);
}

async function search<T>(
  list: (options: ListOptions) => AsyncIterable<T>,
  name: string,
  options: ListOptions,
): Promise<T[] | undefined> {
  if (!SEARCHABLE.test(name)) return undefined;
  try {
    return await collect(list({ ...options, search: `name EQ ${name}` }));
  } catch (error) {
    if (error instanceof ZpaError && SEARCH_REFUSED.has(error.code)) return undefined;
    throw error;
  }
}

/** Codes that refuse the search itself; the list without a search may still be answered. */
const SEARCH_REFUSED = new Set(['search-refused', 'invalid-argument', 'bad-request', 'refused']);
