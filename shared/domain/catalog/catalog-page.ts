import { type CatalogEntry, comparePlaces, placeOf } from './visible-entries.ts';

export type CatalogPage = { entries: CatalogEntry[]; next?: string };

/**
 * Entries after a place, at most `limit`; `next` leads on. A place is a name in the order, not a count: what is added or
 * removed between two pages moves nothing that was read over a page's edge.
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

/** undefined: it was not made by `pageAfter`. */
export function decodePlace(text: string): string[] | undefined {
  if (!/^[A-Za-z0-9_-]{1,2000}$/.test(text)) return undefined;
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const whole = Array.isArray(place) && place.length === 4 && place.every((one) => typeof one === 'string');
    return whole ? place : undefined;
  } catch {
    return undefined;
  }
}
