import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { errorCode } from '../../../../shared/ports/error-code.ts';
import type { TicketChanges, UnreadableRecord } from '../../../../shared/ports/ports.ts';
import type { ChangeRow } from '../../changes/change-row.ts';
import { type ChangeFilters, createMatcher } from '../../changes/matcher.ts';
import { findNamed } from '../../session/find-change.ts';
import type { ConsoleContext } from '../contract.ts';
import { type ChangeIndex, createChangeIndex } from './change-index.ts';
import { createFollower, type Follower, type Progress, type Readable } from './follow-changes.ts';
import type { ListingQuery } from './listing-query.ts';

/** Changes on a page of the list. */
export const PAGE_SIZE = 50;

/** One page of the changes that were chosen, as the ledger has them now. */
export type Listing = {
  records: readonly ChangeRecord[];
  /** Rows that were chosen of all that are known. */
  total: number;
  progress: Progress;
  unreadable: readonly UnreadableRecord[];
  /** Settled changes older than this instant are not kept. */
  keptSince: number | undefined;
};

type Means = Pick<ConsoleContext, 'ends'> & { session: Readable & { ledger: TicketChanges } };
type Known = { index: ChangeIndex; follower: Follower };

/** The changes that each console knows, from its first page on. */
const known = new WeakMap<object, Known>();

/** The changes that the console of this process knows. */
export function knownChanges({ processContext, now }: Pick<ConsoleContext, 'processContext' | 'now'>): Known {
  const found = known.get(processContext);
  if (found !== undefined) return found;
  const index = createChangeIndex();
  const made = { index, follower: createFollower(index, now) };
  known.set(processContext, made);
  return made;
}

/** Reads a page of the list. The rows choose the changes; those of the page are read anew. Rejects as the ledger does. */
export async function readListing(
  { session, ends }: Means,
  { index, follower }: Known,
  { filters, page }: ListingQuery,
): Promise<Listing> {
  const matches = createMatcher(filters);
  await follower.look(session, ends);
  const unreadable: UnreadableRecord[] = [];
  const { isComplete, missed } = follower.progress();
  if (!isComplete || missed > 0) await findByName({ session, ends }, index, filters, unreadable);
  // Taken together: a reading that ends while the page is read must not make it complete.
  const progress = follower.progress();
  const rows = index.list().filter(matches);
  const shown = rows.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const records = await readRecords(session.ledger, index, shown, unreadable);
  return {
    records,
    total: rows.length,
    progress,
    unreadable: [...new Map([...progress.unreadable, ...unreadable].map((one) => [one.key, one])).values()],
    keptSince: index.keptSince,
  };
}

/** The form of every key. */
const MAY_BE_KEY = /^[\x21-\x7e]{1,200}$/;

/** A key, ticket or line is found at once, however many changes there are. */
async function findByName(
  { session }: Means,
  index: ChangeIndex,
  { text, tenant, source }: ChangeFilters,
  unreadable: UnreadableRecord[],
): Promise<void> {
  if (text === undefined || !MAY_BE_KEY.test(text)) return;
  const options = { ...(tenant !== undefined && { tenant }), ...(source !== undefined && { source }) };
  for (const record of await findNamed(session, text, options, (one) => unreadable.push(one))) index.put(record);
}

async function readRecords(
  ledger: Means['session']['ledger'],
  index: ChangeIndex,
  rows: readonly ChangeRow[],
  unreadable: UnreadableRecord[],
): Promise<ChangeRecord[]> {
  const read = await Promise.all(
    rows.map(async (row) => {
      try {
        const record = await ledger.readChange(row.ref);
        if (record === undefined) index.remove(row);
        else index.put(record);
        return record;
      } catch (error) {
        if (errorCode(error) !== 'record-malformed') throw error;
        unreadable.push({ key: row.ref.idempotencyKey, why: 'it cannot be read' });
        return undefined;
      }
    }),
  );
  return read.filter((record) => record !== undefined);
}
