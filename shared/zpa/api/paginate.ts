import { z } from 'zod';
import type { ListOptions } from '../../ports/ports.ts';
import { ZpaError } from '../http/zpa-error.ts';
import { type Caller, parseAnswer, type ZpaCall } from './call.ts';

/** ZPA's own maximum of `pagesize` (help.zscaler.com, "Configuring Segment Groups Using API"; its default is 20). */
const MAX_PAGE_SIZE = 500;
/** More than any list of ZPA can hold (6,000 application segments is the largest documented limit). */
const MAX_PAGES = 1000;

const OK = [200] as const;
const count = z.union([z.string().regex(/^\d+$/), z.int().nonnegative()]).transform(Number);

/**
 * Totals come as strings (recorded) or numbers; `list` is absent or null where there is nothing. An object with neither
 * is no list, though: an error inside a 200 must not pass for an empty tenant.
 */
export const envelopeOf = <T>(item: z.ZodType<T>) =>
  z
    .looseObject({ totalPages: count.nullish(), totalCount: count.nullish(), list: z.array(item).nullish() })
    .refine(({ totalPages, totalCount, list }) => (totalPages ?? totalCount ?? list) != null || list === null);

export type Listing<T extends { id: string }> = { version: 'v1'; pattern: string; item: z.ZodType<T>; ids?: string[] };

/**
 * Walks the pages of a list, each fetched when it is needed, with one page size throughout. An item that a shifting
 * page shows twice comes once. Rejects with `incomplete-list` rather than end early: when a page brings nothing
 * although more are announced, when the list shrank under us (an item may have slipped to a page already read), or
 * when it would not end.
 */
export async function* paginate<T extends { id: string }>(
  caller: Caller,
  listing: Listing<T>,
  options: ListOptions = {},
): AsyncGenerator<T, void, undefined> {
  const { maxItems = Number.POSITIVE_INFINITY, maxPages = Number.POSITIVE_INFINITY } = options;
  const pageSize = checkedPageSize(options.pageSize ?? MAX_PAGE_SIZE);
  const seen = new Set<string>();
  let total = 0;
  for (let page = 1; page <= maxPages && seen.size < maxItems; page += 1) {
    const envelope = await fetchPage(caller, listing, options, page, pageSize);
    const items = envelope.list ?? [];
    const fresh = items.filter((item) => !seen.has(item.id));
    for (const item of fresh) {
      if (seen.has(item.id)) continue;
      if (seen.size >= maxItems) return;
      seen.add(item.id);
      yield item;
    }
    const totalCount = envelope.totalCount ?? 0;
    if (totalCount < total) throw incomplete(listing, 'it shrank while it was read');
    total = totalCount;
    // Without totals a short page is the last one.
    const last = envelope.totalPages == null ? items.length < pageSize : page >= envelope.totalPages;
    if (last) return;
    if (fresh.length === 0) throw incomplete(listing, `page ${page} brought nothing new`);
    if (page >= MAX_PAGES) throw incomplete(listing, 'it does not end');
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

/** What ZPA does above 500 is not documented, and a smaller page than asked for would look like the last one. */
function checkedPageSize(pageSize: number): number {
  if (Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= MAX_PAGE_SIZE) return pageSize;
  throw new ZpaError(`pageSize must be a whole number from 1 to ${MAX_PAGE_SIZE}`, { code: 'invalid-argument' });
}

function incomplete(listing: { version: string; pattern: string }, why: string): ZpaError {
  const call = `GET /${listing.version}${listing.pattern}`;
  const reason = `the list could not be read completely: ${why}`;
  return new ZpaError(`${call}: ${reason}`, { code: 'incomplete-list' }, { call, reason });
}

/** All of a list at once. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
