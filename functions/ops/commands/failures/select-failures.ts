import { REJECTIONS } from '../../../../shared/domain/change/rejection-codes.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { lastAt } from '../../output/change-table.ts';
import { nameOf } from '../../output/describe-request.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { OpsSession } from '../../session/compose.ts';
import { findChange } from '../../session/find-change.ts';
import { lanesOfTenant } from '../../session/lanes.ts';

export type Filters = {
  code?: string;
  tenant?: string;
  source?: string;
  ticket?: string;
  group?: string;
  newerThan?: string;
  olderThan?: string;
};

/**
 * Selects the failures of all lanes that match the filters, oldest first. With keys it selects exactly those changes,
 * including one that is no failure any more; the caller reports why it is left out. `onUnreadable` hears of failures
 * that cannot be read, whatever the filters.
 */
export async function selectFailures(
  session: OpsSession,
  filters: Filters,
  onUnreadable: (one: UnreadableRecord) => void,
  keys?: readonly string[],
): Promise<ChangeRecord[]> {
  if (filters.code !== undefined) requireKnownCode(filters.code);
  if (keys !== undefined && keys.length > 0) {
    const chosen: ChangeRecord[] = [];
    for (const key of new Set(keys)) chosen.push(await findChange(session, key, filters));
    return chosen;
  }
  if (keys !== undefined) requireChoice(filters);
  const found: ChangeRecord[] = [];
  for await (const record of matchingFailures(session, filters, onUnreadable)) found.push(record);
  return oldestFirst(found);
}

/** The failures of all lanes that match the filters, lane by lane. Throws an `OpsError` for a filter that is none. */
export async function* matchingFailures(
  session: OpsSession,
  filters: Filters,
  onUnreadable: (one: UnreadableRecord) => void,
): AsyncIterable<ChangeRecord> {
  if (filters.code !== undefined) requireKnownCode(filters.code);
  const matches = createMatcher(filters, session.clock.now());
  for (const [lane] of await lanesOfTenant(session, filters.tenant)) {
    for await (const record of session.ledger.failedChanges(lane, onUnreadable)) {
      if (matches(record)) yield record;
    }
  }
}

/** Failures by the time of their rejection. */
export const oldestFirst = (failures: readonly ChangeRecord[]) => failures.toSorted((a, b) => lastAt(a) - lastAt(b));

function requireKnownCode(code: string): void {
  if (Object.hasOwn(REJECTIONS, code)) return;
  const remedy = `Known codes: ${Object.keys(REJECTIONS).join(', ')}.`;
  throw new OpsError(EXIT.notFound, 'unknown-code', `There is no rejection code "${code}".`, remedy);
}

function requireChoice(options: Filters & { all?: boolean }): void {
  const { code, tenant, source, ticket, group, newerThan, olderThan, all } = options;
  if ([code, tenant, source, ticket, group, newerThan, olderThan, all].some((one) => one !== undefined)) return;
  const sentence = 'No failure was chosen.';
  throw new OpsError(EXIT.usage, 'nothing-chosen', sentence, 'Name keys, use a filter such as --code, or --all.');
}

function createMatcher(filters: Filters, now: number): (record: ChangeRecord) => boolean {
  const newest = filters.newerThan === undefined ? Number.NEGATIVE_INFINITY : now - ageMs(filters.newerThan);
  const oldest = filters.olderThan === undefined ? Number.POSITIVE_INFINITY : now - ageMs(filters.olderThan);
  const group = filters.group?.toLowerCase();
  return ({ ref, change, ticket, outcome }) => {
    const at = outcome?.at ?? 0;
    return (
      (filters.code === undefined || (outcome?.kind === 'rejected' && outcome.code === filters.code)) &&
      (filters.tenant === undefined || ref.tenant === filters.tenant) &&
      (filters.source === undefined || ref.source === filters.source) &&
      (filters.ticket === undefined || ticket.id === filters.ticket) &&
      (group === undefined || nameOf(change.group).toLowerCase().includes(group)) &&
      at >= newest &&
      at < oldest
    );
  };
}

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses an age such as `90m`, `2h` or `3d` to milliseconds. */
function ageMs(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const ms = UNITS[unit ?? ''];
  if (count !== undefined && ms !== undefined) return Number(count) * ms;
  throw new OpsError(
    EXIT.usage,
    'bad-option',
    `"${text}" is not an age.`,
    'Write minutes, hours or days: 90m, 2h, 3d.',
  );
}
