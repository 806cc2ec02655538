import { effectText } from '../notice/effect-text.ts';
import type { Effect } from '../outcome/outcome.ts';
import { toCsv } from '../text/csv.ts';
import type { ActLine, AuditLine, OutcomeLine } from './audit-line.ts';

const COLUMNS = [
  ...[
    'at',
    'kind',
    'ticket system',
    'ticket',
    'requested by',
    'approved by',
    'change',
    'retry',
    'source',
    'tenant',
    'lane',
  ],
  ...['action', 'group', 'before', 'added', 'removed', 'outcome', 'reason', 'write id', 'accepted by settings'],
  ...['settled by settings', 'principal', 'phase', 'details', 'written'],
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string | number | undefined>>;

/** The first row of an export. */
export const csvHead = (): string => toCsv([COLUMNS]);

/** One line as a row. What does not fit a cell is in the JSON form. */
export function csvRow(line: AuditLine): string {
  const row: Row = line.kind === 'act' ? actRow(line) : outcomeRow(line);
  return toCsv([COLUMNS.map((name) => String(row[name] ?? ''))]);
}

function outcomeRow({ at, kind, ticket, ref, generation, change, settings, outcome }: OutcomeLine): Row {
  const { effect } = outcome;
  return {
    at,
    kind,
    'ticket system': ticket.system,
    ticket: ticket.id,
    'requested by': ticket.requestedBy,
    'approved by': ticket.approvals.map((one) => [one.by, one.at, one.ref].filter(Boolean).join(' ')).join('; '),
    change: ref.idempotencyKey,
    retry: generation - 1,
    source: ref.source,
    tenant: ref.tenant,
    lane: ref.lane,
    action: change.action,
    group: effect?.after?.name ?? effect?.before?.name ?? change.group?.name ?? change.group?.id,
    before: effect?.before?.name,
    added: effect?.added.join(' '),
    removed: effect?.removed.join(' '),
    outcome: outcome.code === undefined ? outcome.kind : `${outcome.kind} ${outcome.code}`,
    reason: outcome.sentence ?? outcome.reason,
    'write id': outcome.writeId,
    'accepted by settings': settings.acceptedBy,
    'settled by settings': settings.settledBy,
    principal: outcome.by,
    // The ledger's own form: the line was written from it.
    written: effect === undefined ? undefined : effectText(effect as unknown as Effect, (id) => id),
  };
}

function actRow({ at, act, phase, principal, result, error, details }: ActLine): Row {
  const reason = typeof details.reason === 'string' ? details.reason : undefined;
  const outcome = error === undefined ? result : `${result} ${error}`;
  return { at, kind: act, phase, principal, outcome, reason, details: JSON.stringify(details) };
}
