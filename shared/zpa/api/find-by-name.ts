import type { ListOptions } from '../../ports/ports.ts';
import { ZpaError } from '../http/zpa-error.ts';
import { collect } from './paginate.ts';

/**
 * What ZPA's filter is known to take in a value: the public Go SDK drops every other character before it asks, and so
 * never finds a name that holds one.
 */
const SEARCHABLE = /^[A-Za-z0-9_/.-]+( [A-Za-z0-9_/.-]+)*$/;

/**
 * Everything whose decoded name is exactly `name`, case included; several where ZPA has several. Asks ZPA's search for
 * `name EQ …` first (recorded: it returns exact matches only). A name the search cannot carry, and a search that ZPA
 * refuses (`filtering.input.invalid.operand`), mean reading the whole list: a find never misses because of its name.
 */
export async function findByName<T extends { name: string }>(
  list: (options: ListOptions) => AsyncIterable<T>,
  name: string,
  options: ListOptions = {},
): Promise<T[]> {
  const candidates = (await searched(list, name, options)) ?? (await collect(list(options)));
  return candidates.filter((one) => one.name === name);
}

async function searched<T>(
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

/** Refusals of the search itself: the list without it may well answer. */
const SEARCH_REFUSED = new Set(['search-refused', 'invalid-argument', 'bad-request', 'refused']);
