import { REJECTIONS, type RejectionCode } from '../../../../shared/domain/change/rejection-codes.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { type Filters, matchingFailures, oldestFirst } from '../../commands/failures/select-failures.ts';
import type { OpsSession } from '../../session/compose.ts';
import { optionalField, pageOf } from '../view/form-fields.ts';
import { OWNERS, type Owner, ownerOf } from './owners.ts';

/** At most this many failures are read for a page; filters find the others. */
const MAX_READ = 5000;
const PER_PAGE = 50;

export type FailureGroup = { owner: Owner; code: RejectionCode; count: number; rows: ChangeRecord[] };

/** One page of the failures that match. Groups without a row here are on other pages. */
export type FailureList = {
  filters: FailureFilters;
  /** Of all groups that match, by owner and code. */
  groups: FailureGroup[];
  total: number;
  /** There are more than were read. */
  isCut: boolean;
  page: number;
  pages: number;
  unreadable: UnreadableRecord[];
};

export type FailureFilters = Pick<Filters, 'code' | 'tenant' | 'source' | 'ticket' | 'group'> & {
  owner?: Owner | undefined;
};

/** The filters of an address. An owner that is none is left out; the command judges the others. */
export function filtersOf(query: URLSearchParams): FailureFilters {
  const filters: FailureFilters = {};
  for (const name of ['code', 'tenant', 'source', 'ticket', 'group'] as const) {
    const value = optionalField(query, name);
    if (value !== undefined) filters[name] = value;
  }
  const owner = ownerNamed(query.get('owner'));
  return owner === undefined ? filters : { ...filters, owner };
}

const ownerNamed = (name: string | null): Owner | undefined =>
  (Object.keys(OWNERS) as Owner[]).find((owner) => owner === name);

/** Reads the failures that match, grouped by who has to act and by code. Rejects as `failures list` does. */
export async function readFailures(session: OpsSession, query: URLSearchParams): Promise<FailureList> {
  const filters = filtersOf(query);
  const unreadable: UnreadableRecord[] = [];
  const found: ChangeRecord[] = [];
  let isCut = false;
  for await (const record of matchingFailures(session, filters, (one) => unreadable.push(one))) {
    if (filters.owner !== undefined && ownerOf(codeOf(record)) !== filters.owner) continue;
    if (found.length === MAX_READ) {
      isCut = true;
      break;
    }
    found.push(record);
  }
  return { filters, isCut, unreadable, ...paged(found, pageOf(query)) };
}

/** The failures of a page in their groups: by owner, then by code, the oldest first. */
export function paged(
  found: readonly ChangeRecord[],
  asked: number,
): Pick<FailureList, 'groups' | 'total' | 'page' | 'pages'> {
  const owners = Object.keys(OWNERS) as Owner[];
  const place = (code: RejectionCode) => `${owners.indexOf(ownerOf(code))} ${code}`;
  const byCode = [...Map.groupBy(oldestFirst(found), codeOf)].toSorted(([a], [b]) => (place(a) < place(b) ? -1 : 1));
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
  const page = Math.min(asked, pages);
  const shown = new Set(byCode.flatMap(([, records]) => records).slice((page - 1) * PER_PAGE, page * PER_PAGE));
  const groups = byCode.map(([code, records]) => ({
    owner: ownerOf(code),
    code,
    count: records.length,
    rows: records.filter((record) => shown.has(record)),
  }));
  return { groups, total: found.length, page, pages };
}

/** The code of a failure. Of a version that is not known here it counts as one that nobody has classified. */
export function codeOf({ outcome }: Pick<ChangeRecord, 'outcome'>): RejectionCode {
  const code = outcome?.kind === 'rejected' ? outcome.code : 'unclassified';
  return Object.hasOwn(REJECTIONS, code) ? code : 'unclassified';
}
