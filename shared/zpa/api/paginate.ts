import * as z from 'zod';
import type { ListOptions } from '../../ports/ports.ts';
import { ZpaError } from '../http/zpa-error.ts';
import { type Caller, parseAnswer, type ZpaCall } from './call.ts';
import { type ListItem, parsedItem, parsedOrUnreadableItem } from './list-item.ts';

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
    .object({ totalPages: count.nullish(), totalCount: count.nullish(), list: z.array(item).nullish() })
    .refine(({ totalPages, totalCount, list }) => (totalPages ?? totalCount ?? list) != null || list === null);

export type Listing<T extends { id: string }> = { version: 'v1'; pattern: string; item: z.ZodType<T>; ids?: string[] };

/**
 * Reads of one list before it counts as incomplete. A pass through the longest documented list (6,000 items) is twelve
 * calls, so a list that changes all the time ends as a fault and does not use up the budget.
 */
const MAX_PASSES = 3;

/**
 * Yields the items of a list; it fetches each page when it is needed, with one page size throughout. A list that
 * changed between two pages may have moved an item from a later page to one already read, so the list is read again
 * from the start, at most `MAX_PASSES` times; an item is yielded once, and reported once if it cannot be parsed. The
 * generator rejects with `incomplete-list` instead of ending early. A caller that stops at `maxItems` or `maxPages`
 * asks for no complete list.
 */
export async function* paginate<T extends { id: string }>(
  caller: Caller,
  listing: Listing<T>,
  options: ListOptions = {},
): AsyncGenerator<T, void, undefined> {
  const pageSize = requirePageSize(options.pageSize ?? MAX_PAGE_SIZE);
  const envelope = envelopeOf((options.onUnreadable ? parsedOrUnreadableItem : parsedItem)(listing.item));
  const seenKeys = new Set<string>();
  let gap: string | undefined;
  for (let pass = 1; pass <= MAX_PASSES; pass += 1) {
    gap = yield* readPass(caller, { ...listing, envelope }, { ...options, pageSize }, seenKeys);
    if (gap === undefined) return;
  }
  throw incompleteListError(listing, gap ?? 'it was not read');
}

type Envelope<T> = z.ZodType<{
  totalPages?: number | null | undefined;
  totalCount?: number | null | undefined;
  list?: ListItem<T>[] | null | undefined;
}>;
type EnvelopedListing<T extends { id: string }> = Omit<Listing<T>, 'item'> & { envelope: Envelope<T> };

/**
 * Reads the list once and yields the items that `seenKeys` lacks. Answers why the list may lack an item, or undefined
 * if it is complete: no item came twice, and the announced total stayed the same and equals the number of distinct ids,
 * or an earlier pass has brought them all.
 */
async function* readPass<T extends { id: string }>(
  caller: Caller,
  listing: EnvelopedListing<T>,
  options: ListOptions & { pageSize: number },
  seenKeys: Set<string>,
): AsyncGenerator<T, string | undefined, undefined> {
  const { maxItems = Number.POSITIVE_INFINITY, maxPages = Number.POSITIVE_INFINITY } = options;
  const passKeys = new Set<string>();
  const known = seenKeys.size;
  let items = 0;
  let total: number | undefined;
  for (let page = 1; page <= maxPages && seenKeys.size < maxItems; page += 1) {
    const { list, totalPages, totalCount } = await fetchPage(caller, listing, options, page);
    const before = passKeys.size;
    for (const one of list ?? []) {
      passKeys.add(one.key);
      if (seenKeys.has(one.key)) continue;
      seenKeys.add(one.key);
      if ('item' in one) yield one.item;
      else options.onUnreadable?.(one.unreadable);
      if (seenKeys.size >= maxItems) return undefined;
    }
    items += list?.length ?? 0;
    if (total !== undefined && totalCount !== total)
      return `its total changed from ${total} to ${totalCount ?? 'none'}`;
    total = totalCount ?? undefined;
    // Without a total an empty page is the last one: a page may be shorter than requested, because ZPA limits its size.
    const isLast = totalPages == null ? isEmpty(list) || passKeys.size === total : page >= totalPages;
    if (isLast) return findGap({ distinct: passKeys.size, items, total, page, fresh: seenKeys.size - known });
    if (passKeys.size === before) return `page ${page} brought nothing new`;
    if (page >= MAX_PAGES) throw incompleteListError(listing, 'it does not end');
  }
  return undefined;
}

const isEmpty = (list: readonly unknown[] | null | undefined) => (list?.length ?? 0) === 0;

type Pass = { distinct: number; items: number; total: number | undefined; page: number; fresh: number };

/**
 * Some answers of ZPA have no total. A deletion then moves an item to a page already read without a trace, so several
 * pages count as complete only if an earlier reading brought all that they hold.
 */
function findGap({ distinct, items, total, page, fresh }: Pass): string | undefined {
  if (total !== undefined && distinct !== total) return `${distinct} of ${total} items came`;
  if (distinct < items) return 'an item came twice';
  return total === undefined && page > 1 && fresh > 0 ? 'it has no total, and each reading brought more' : undefined;
}

async function fetchPage<T extends { id: string }>(
  caller: Caller,
  listing: EnvelopedListing<T>,
  options: ListOptions & { pageSize: number },
  page: number,
) {
  const { search, microtenantId, signal, pageSize } = options;
  const { envelope, ...where } = listing;
  const query = { page: String(page), pagesize: String(pageSize), search, microtenantId };
  const call: ZpaCall = { ...where, method: 'GET', query, signal };
  const answer = await caller(call, OK);
  return parseAnswer(envelope, answer, call);
}

/** ZPA does not document sizes above 500. */
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
