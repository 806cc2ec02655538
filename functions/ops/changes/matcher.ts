import { instantOf } from '../session/instant.ts';
import { type ChangeRow, type ChosenOutcome, foldText, isOpenRow } from './change-row.ts';

export type ChangeFilters = {
  /** Part of the key, of the ticket or of a name of the group, in any case. */
  text?: string;
  ticket?: string;
  group?: string;
  tenant?: string;
  source?: string;
  outcome?: ChosenOutcome;
  since?: string;
  until?: string;
};

/** Tells whether a change matches all filters. Throws an `OpsError` for a date that is none. */
export function createMatcher(filters: ChangeFilters): (row: ChangeRow) => boolean {
  const { ticket, tenant, source, outcome } = filters;
  const since = filters.since === undefined ? Number.NEGATIVE_INFINITY : instantOf('--since', filters.since);
  const until = filters.until === undefined ? Number.POSITIVE_INFINITY : instantOf('--until', filters.until);
  const group = filters.group === undefined ? undefined : foldText(filters.group);
  const text = filters.text === undefined ? undefined : foldText(filters.text);
  return (row) =>
    (ticket === undefined || row.ticket === ticket) &&
    (tenant === undefined || row.ref.tenant === tenant) &&
    (source === undefined || row.ref.source === source) &&
    (outcome === undefined || row.outcome === outcome || (outcome === 'open' && isOpenRow(row))) &&
    (group === undefined || row.groups.includes(group)) &&
    (text === undefined || isIn(row, text)) &&
    row.at >= since &&
    row.at < until;
}

const isIn = ({ ref, ticket, groups }: ChangeRow, text: string): boolean =>
  groups.includes(text) || foldText(ref.idempotencyKey).includes(text) || foldText(ticket).includes(text);
