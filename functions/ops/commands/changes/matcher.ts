import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { lastAt } from '../../output/change-table.ts';
import { nameOf } from '../../output/describe-change.ts';
import { instantOf } from '../../session/instant.ts';

/** The values of `--outcome`. */
export const OUTCOMES = ['open', 'applied', 'unchanged', 'rejected', 'cancelled', 'superseded'] as const;

export type ChangeFilters = {
  ticket?: string;
  group?: string;
  tenant?: string;
  source?: string;
  outcome?: (typeof OUTCOMES)[number];
  since?: string;
  until?: string;
};

/** Tells whether a change matches all filters. Throws an `OpsError` for a date that is none. */
export function createMatcher(filters: ChangeFilters): (record: ChangeRecord) => boolean {
  const { ticket, tenant, source, outcome } = filters;
  const since = filters.since === undefined ? Number.NEGATIVE_INFINITY : instantOf('--since', filters.since);
  const until = filters.until === undefined ? Number.POSITIVE_INFINITY : instantOf('--until', filters.until);
  const group = filters.group?.normalize().toLowerCase();
  return (record) =>
    (ticket === undefined || record.ticket.id === ticket) &&
    (tenant === undefined || record.ref.tenant === tenant) &&
    (source === undefined || record.ref.source === source) &&
    (outcome === undefined || (record.state === 'settled' ? record.outcome?.kind : 'open') === outcome) &&
    (group === undefined || groupsOf(record).some((text) => text.normalize().toLowerCase().includes(group))) &&
    lastAt(record) >= since &&
    lastAt(record) < until;
}

/** The group of a change as it was asked for, its id, and its names before and after. */
function groupsOf({ change, outcome }: ChangeRecord): string[] {
  const asked = nameOf(change.group);
  if (outcome?.kind !== 'applied' && outcome?.kind !== 'unchanged') return [asked];
  const { groupId, before, after } = outcome.effect;
  return [asked, groupId, before?.name ?? '', after?.name ?? ''];
}
