import { type CatalogEntry, comparePlaces, placeOf } from './visible-entries.ts';

export type CatalogPage = { entries: CatalogEntry[]; next?: string };

/**
 * At most `limit` entries after a place; `next` encodes the place after which the next page begins. A place is a sort
 * key, not a count: entries added or removed between two pages do not shift the others across a page boundary.
 */
export function pageAfter(
  entries: readonly CatalogEntry[],
  after: readonly string[] | undefined,
  limit: number,
): CatalogPage {
  const rest = after === undefined ? entries : entries.filter((entry) => comparePlaces(placeOf(entry), after) > 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  if (last === undefined || rest.length <= limit) return { entries: page };
  return { entries: page, next: encodePlace(placeOf(last)) };
}

const encodePlace = (place: readonly string[]) => Buffer.from(JSON.stringify(place), 'utf8').toString('base64url');

/** The place that `next` encodes; undefined: `pageAfter` did not make this text. */
export function decodePlace(text: string): string[] | undefined {
  if (!/^[A-Za-z0-9_-]{1,2000}$/.test(text)) return undefined;
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const isPlace = Array.isArray(place) && place.length === 4 && place.every((one) => typeof one === 'string');
    return isPlace ? place : undefined;
  } catch {
    return undefined;
  }
}
