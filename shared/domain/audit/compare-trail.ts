import type { ChangeRequest } from '../change/change.ts';
import { canonicalChange } from '../change/fingerprint.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import { isCutOf } from '../text/truncate-text.ts';
import { dayOf } from './audit-key.ts';
import type { OutcomeLine } from './audit-line.ts';
import { outcomeLineOf, outcomesOf } from './outcome-line.ts';

/** Calendar days in UTC, both included. */
export type Days = { from: string; to: string };

/** A line that follows from the ledger, and whether it may still be on its way. */
export type ExpectedLine = { key: string; line: OutcomeLine; isUnderWay: boolean };

/** Until so long after its outcome a line may be on its way: as long as it is tried. */
const UNDER_WAY_MS = 70 * 60_000;

/** The lines that the trail has to hold of this change in these days. */
export function expectedLines(record: ChangeRecord, days: Days, now: number): ExpectedLine[] {
  return outcomesOf(record).flatMap(({ generation, at }) => {
    const day = dayOf(at);
    const found = day < days.from || day > days.to ? undefined : outcomeLineOf(record, generation);
    return found === undefined ? [] : [{ ...found, isUnderWay: at > now - UNDER_WAY_MS }];
  });
}

/**
 * True if a stored line says what the ledger says. Of the outcome only what never changes is compared, because the ledger
 * shortens that of an earlier generation. A later version of the product may write more fields.
 */
export function agrees(stored: OutcomeLine, expected: OutcomeLine): boolean {
  const facts = ({ ref, generation, at, fingerprint, plan, outcome: { kind, attempts, writeId, code } }: OutcomeLine) =>
    JSON.stringify([
      ...[ref.lane, ref.source, ref.tenant, ref.idempotencyKey, generation, at],
      ...[fingerprint, plan, kind, attempts, writeId, code],
    ]);
  const { change, ticket, settings, acceptedAt, microtenantId } = expected;
  // The ledger knows of the last generation alone when it was accepted, and by which settings.
  const accepted = acceptedAt !== undefined && { acceptedAt };
  const rest = { settings: { ...settings, settledBy: settings.settledBy }, microtenantId, ...accepted };
  return (
    facts(stored) === facts(expected) &&
    says(stored.ticket, { ...ticket, ...peopleOf(ticket) }) &&
    says(stored, rest) &&
    says(stored.change, change) &&
    canonicalChange(requestOf(stored)) === canonicalChange(requestOf(expected))
  );
}

/** Who asked and who approved; what is undefined here, the stored line may not have either. */
const peopleOf = ({ requestedBy, requestedWith, approvals }: OutcomeLine['ticket']) => ({
  requestedBy,
  requestedWith,
  approvals: approvals.map(({ by, at, ref }) => ({ by, at, ref })),
});

/** The change of a line, which was written from the ledger's own form. */
const requestOf = ({ change }: OutcomeLine) => change as unknown as ChangeRequest;

/** True if the stored value has all that the expected one has; a text may be cut there. */
function says(stored: unknown, expected: unknown): boolean {
  if (typeof expected === 'string')
    return stored === expected || (typeof stored === 'string' && isCutOf(expected, stored));
  if (!isObject(expected) || !isObject(stored)) return stored === expected;
  if (Array.isArray(expected) && expected.length !== Object.keys(stored).length) return false;
  return Object.entries(expected).every(([key, value]) => says(stored[key], value));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/**
 * True if the ledger, which has no outcome for this line, may have had one: what ended before `keptSince`, and generations
 * before the oldest that the record of the change still holds.
 */
export const mayBeForgotten = (line: OutcomeLine, oldest: number | undefined, keptSince: number): boolean =>
  Date.parse(line.at) < keptSince || (oldest !== undefined && line.generation < oldest);
