import type { RejectionCode } from '../../../../shared/domain/change/rejection-codes.ts';
import { matchingFailures } from '../../commands/failures/select-failures.ts';
import { lastAt } from '../../output/change-table.ts';
import type { OpsSession } from '../../session/compose.ts';
import { OWNERS, type Owner, ownerOf } from '../failures/owners.ts';
import { codeOf } from '../failures/read-failures.ts';

/** More are not counted, because every look reads them all. */
const MAX_COUNTED = 1000;

export type FailureCounts = {
  owners: { owner: Owner; count: number; oldest: number; codes: { code: RejectionCode; count: number }[] }[];
  unreadable: number;
  /** There are more than were counted. */
  isCut: boolean;
};

/** Counts the failures by who has to act, since when (epoch ms), and by code, the most frequent first. */
export async function countFailures(session: OpsSession): Promise<FailureCounts> {
  const found: { code: RejectionCode; at: number }[] = [];
  let unreadable = 0;
  let isCut = false;
  for await (const record of matchingFailures(session, {}, () => unreadable++)) {
    if (found.length === MAX_COUNTED) {
      isCut = true;
      break;
    }
    found.push({ code: codeOf(record), at: lastAt(record) });
  }
  const byOwner = Map.groupBy(found, ({ code }) => ownerOf(code));
  const owners = (Object.keys(OWNERS) as Owner[]).flatMap((owner) => {
    const of = byOwner.get(owner) ?? [];
    if (of.length === 0) return [];
    const codes = [...Map.groupBy(of, ({ code }) => code)]
      .map(([code, same]) => ({ code, count: same.length }))
      .toSorted((a, b) => b.count - a.count);
    return [{ owner, count: of.length, oldest: Math.min(...of.map(({ at }) => at)), codes }];
  });
  return { owners, unreadable, isCut };
}
