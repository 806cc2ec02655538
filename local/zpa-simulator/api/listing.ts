import { type Answer, badOperand, invalidParameter, ok } from './answers.ts';
import { type Call, sees } from './call.ts';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 500;

/** The fields that a search can match. */
type Searchable = Record<string, string | boolean | undefined>;
type Listed = { id: string; name: string; modifiedTime: string | undefined };

/**
 * The list envelope: totals are strings; `page` counts from 1, `pagesize` is 20 by default and 500 at most
 * (help.zscaler.com, Configuring Segment Groups Using API).
 */
export function listAnswer<T extends Listed>(
  call: Call,
  documents: readonly T[],
  show: (document: T) => unknown,
  searchable: (document: T) => Searchable,
): Answer {
  const found = search(call, documents, searchable);
  if (!Array.isArray(found)) return found;
  return paged(call, inOrder(call, found), show);
}

export function paged<T extends { id: string }>(call: Call, items: readonly T[], show: (item: T) => unknown): Answer {
  const page = wholeNumber(call.query.get('page'), 1);
  const size = wholeNumber(call.query.get('pagesize'), DEFAULT_PAGE_SIZE);
  if (Number(call.query.get('pagesize') || 1) === 0 && call.quirks.get('pagesize-zero') === '400') {
    return invalidParameter('pagesize');
  }
  if (page === undefined) return invalidParameter('page');
  if (size === undefined) return invalidParameter('pagesize');
  if (size > MAX_PAGE_SIZE && call.quirks.get('pagesize-over-500') === '400') return invalidParameter('pagesize');
  const pageSize = Math.min(size, MAX_PAGE_SIZE);
  const totalPages = Math.ceil(items.length / pageSize);
  const counted = call.quirks.get('totals') === 'both' && { totalCount: String(items.length) };
  const envelope = { totalPages: String(totalPages), ...counted };
  if (page > Math.max(totalPages, 1)) {
    const beyond = call.quirks.get('page-beyond-end');
    if (beyond === '400') return invalidParameter('page');
    return ok(beyond === 'no-list-key' ? envelope : { ...envelope, list: [] });
  }
  if (items.length === 0 && call.quirks.get('empty-result') === 'no-list-key') return ok(envelope);
  const arranged = call.arrange(items, { page, size: pageSize });
  return ok({ ...envelope, list: arranged.slice((page - 1) * pageSize, page * pageSize).map(show) });
}

/** The documents that the call's microtenant may see. */
export function visible<T extends { microtenantId: string }>(call: Call, documents: readonly T[]): T[] {
  return documents.filter((one) => sees(call, one.microtenantId));
}

function wholeNumber(value: string | null, otherwise: number): number | undefined {
  if (value === null || value === '') return otherwise;
  if (!/^\d{1,9}$/.test(value)) return undefined;
  return Number(value) || otherwise;
}

function inOrder<T extends Listed>(call: Call, documents: readonly T[]): T[] {
  const byId = (a: T, b: T): number => a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
  const byName = (a: T, b: T): number => a.name.localeCompare(b.name, 'en') || byId(a, b);
  const byModified = (a: T, b: T): number => Number(b.modifiedTime ?? 0) - Number(a.modifiedTime ?? 0) || byId(a, b);
  const order = { id: byId, name: byName, modified: byModified }[call.quirks.get('list-order')];
  return [...documents].sort(order);
}

/** Documentation samples of several lists show EQ, LIKE and a small `eq`; the SDKs know the others. */
const COMPARE: Record<string, (held: string, term: string) => boolean> = {
  EQ: (held, term) => held === term,
  NE: (held, term) => held !== term,
  GT: (held, term) => held > term,
  LT: (held, term) => held < term,
  GE: (held, term) => held >= term,
  LE: (held, term) => held <= term,
  LIKE: (held, term) => lower(held).includes(lower(term)),
  CONTAINS: (held, term) => held.includes(term),
  STARTSWITH: (held, term) => held.startsWith(term),
  ENDSWITH: (held, term) => held.endsWith(term),
};

/**
 * `field operator value`, separated by a space or by a literal '+': the SDKs send `name%2BEQ%2BService+Edge` and the
 * service accepts it (recorded). One plain word is looked for in names, and so are words joined by `&`, as zscaler-sdk-go
 * sent names of several words from 2.3 to 3.1; of words with spaces the second is taken for the operator and refused.
 */
function search<T>(call: Call, documents: readonly T[], searchable: (document: T) => Searchable): T[] | Answer {
  const term = call.query.get('search')?.trim();
  if (!term) return [...documents];
  const [, field = '', operator, value = ''] = /^([^\s+]+)(?:[\s+]+([^\s+]+)(?:[\s+]+(.*))?)?$/su.exec(term) ?? [];
  if (operator === undefined) {
    const words = lower(field).split('&');
    return documents.filter((one) => words.every((word) => lower(String(searchable(one).name)).includes(word)));
  }
  const compare = COMPARE[operator.toUpperCase()];
  if (compare === undefined || (compare !== COMPARE.EQ && call.quirks.get('search-operators') === 'eq')) {
    return badOperand(operator);
  }
  const sample = documents[0];
  if (sample !== undefined && !(field in searchable(sample))) {
    return call.quirks.get('search-unknown-field') === '400' ? invalidParameter(field) : [...documents];
  }
  const fold = call.quirks.get('search-case') === 'ignore' ? lower : (one: string): string => one;
  return documents.filter((one) => {
    const held = fold(String(searchable(one)[field] ?? ''));
    // A '+' inside the value may stand for a space, or for itself.
    return compare(held, fold(value)) || (value.includes('+') && compare(held, fold(value.replaceAll('+', ' '))));
  });
}

const lower = (text: string): string => text.toLowerCase();
