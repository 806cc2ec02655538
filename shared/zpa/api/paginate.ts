import { z } from 'zod';
import type { ListOptions } from '../../ports/ports.ts';
import { ZpaError } from '../http/zpa-error.ts';
import { type Caller, parseAnswer, type ZpaCall } from './call.ts';

/** ZPA's maximum of `pagesize` (help.zscaler.com, "Configuring Segment Groups Using API"; the default is 20). */
const MAX_PAGE_SIZE = 500;
/** Exceeds any list of ZPA (6,000 application segments is the largest documented limit). */
const MAX_PAGES = 1000;

const OK = [200] as const;
const count = z.union([z.string().regex(/^\d+$/), z.int().nonnegative()]).transform(Number);

/**
 * ZPA answers totals as strings (recorded) or numbers, and leaves `list` out or null if the list is empty. An object
 * without totals and without `list` is refused, so that an error inside a 200 does not pass for an empty tenant.
 */
export const envelopeOf = <T>(item: z.ZodType<T>) =>
  z
    .looseObject({ totalPages: count.nullish(), totalCount: count.nullish(), list: z.array(item).nullish() })
    .refine(({ totalPages, totalCount, list }) => (totalPages ?? totalCount ?? list) != null || list === null);

export type Listing<T extends { id: string }> = { version: 'v1'; pattern: string; item: z.ZodType<T>; ids?: string[] };

/**
 * Yields the items of a list; it fetches each page when it is needed, with one page size throughout. An item that
 * shifted to a later page and is answered twice is yielded once. The generator rejects with `incomplete-list` instead
 * of ending early: if a page holds nothing new although more pages are announced, if the list shrank meanwhile (an item
 * may have shifted to a page already read), or if the list does not end.
 */
export async function* paginate<T extends { id: string }>(
  caller: Caller,
  listing: Listing<T>,
  options: ListOptions = {},
): AsyncGenerator<T, void, undefined> {
  const { maxItems = Number.POSITIVE_INFINITY, maxPages = Number.POSITIVE_INFINITY } = options;
  const pageSize = requirePageSize(options.pageSize ?? MAX_PAGE_SIZE);
  const yieldedIds = new Set<string>();
  let total = 0;
  for (let page = 1; page <= maxPages && yieldedIds.size < maxItems; page += 1) {
    const envelope = await fetchPage(caller, listing, options, page, pageSize);
    const items = envelope.list ?? [];
    const fresh = items.filter((item) => !yieldedIds.has(item.id));
    for (const item of fresh) {
      if (yieldedIds.has(item.id)) continue;
      if (yieldedIds.size >= maxItems) return;
      yieldedIds.add(item.id);
      yield item;
    }
    const totalCount = envelope.totalCount ?? 0;
    if (totalCount < total) throw incompleteListError(listing, 'it shrank while it was read');
    total = totalCount;
    // If ZPA answers no totals, the first page that is not full is the last one.
    const last = envelope.totalPages == null ? items.length < pageSize : page >= envelope.totalPages;
    if (last) return;
    if (fresh.length === 0) throw incompleteListError(listing, `page ${page} brought nothing new`);
    if (page >= MAX_PAGES) throw incompleteListError(listing, 'it does not end');
  }
}

async function fetchPage<T extends { id: string }>(
  caller: Caller,
  listing: Listing<T>,
  options: ListOptions,
  page: number,
  pageSize: number,
) {
  const { search, microtenantId, signal } = options;
  const { item, ...where } = listing;
  const query = { page: String(page), pagesize: String(pageSize), search, microtenantId };
  const call: ZpaCall = { ...where, method: 'GET', query, signal };
  const answer = await caller(call, OK);
  return parseAnswer(envelopeOf(item), answer, call);
}

/** ZPA does not document sizes above 500, and a page smaller than requested would be taken for the last one. */
function requirePageSize(pageSize: number): number {
  if (Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= MAX_PAGE_SIZE) return pageSize;
  throw new ZpaError(`pageSize must be a whole number from 1 to ${MAX_PAGE_SIZE}`, { code: 'invalid-argument' });
}

function incompleteListError(listing: { version: string; pattern: string }, why: string): ZpaError {
  const call = `GET /${listing.version}${listing.pattern}`;
  const reason = `the list could not be read completely: ${why}`;
  return new ZpaError(`${call}: ${reason}`, { code: 'incomplete-list' }, { call, reason });
}

/** Collects all items of a list into an array. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
