import { createHash } from 'node:crypto';
import type { Lane } from '../../lane/change-ref.ts';
import type { Versioned } from '../../records/versioned.ts';
import { isDrift } from '../drift.ts';
import type { DriftReport, Finding } from '../report.ts';

/**
 * The ticket about the drift of one tenant: at most one is open at a time. The first report with drift opens it, each
 * report whose findings differ from those that it tells, or are new, is a comment, and the first complete report
 * without drift closes it.
 */
export type DriftTicket = Versioned & {
  lane: Lane;
  tenant: string;
  /** How many tickets were closed before; a part of each one's marker. */
  closed: number;
  /** Its id while one is open, and the source in whose ticket system it is. */
  ticket?: string | undefined;
  source?: string | undefined;
  /** Ids of the findings that it tells. */
  findings: string[];
  /** When the last report began that was told, or had nothing new to tell; ISO 8601. */
  toldUntil?: string | undefined;
  /** One invocation works on it, until then at the latest (epoch ms). */
  claim?: { by: string; until: number } | undefined;
};

/** The record of a tenant that had no ticket. */
export const noDriftTicket = (lane: Lane, tenant: string): DriftTicket => ({
  version: 0,
  lane,
  tenant,
  closed: 0,
  findings: [],
});

export type TicketStep = 'open' | 'comment' | 'close' | 'nothing';

/** The findings of a tenant that need a person. */
export const openFindingsOf = ({ findings }: DriftReport, tenant: string): Finding[] =>
  findings.filter((one) => one.group.tenant === tenant && isDrift(one));

/** Derives the step that a report asks for; `seen`: it, or a later one, was told already, and this one says nothing more. */
export function nextTicketStep(known: DriftTicket, report: DriftReport): TicketStep | 'seen' {
  if (known.toldUntil !== undefined && report.startedAt <= known.toldUntil) return 'seen';
  const open = openFindingsOf(report, known.tenant);
  if (open.length === 0) {
    if (known.ticket === undefined) return 'nothing';
    // A part that was not read may hide drift, so nobody knows whether it is over; so may one that the settings no longer name. A
    // change that is at work on a finding may fail.
    const inFlight = report.findings.filter(({ state }) => state === 'in-flight');
    const isUnknown = [...inFlight, ...(report.unchecked ?? [])].some(({ group }) => group.tenant === known.tenant);
    return report.complete && !isUnknown ? 'close' : 'nothing';
  }
  if (known.ticket === undefined) return 'open';
  const told = new Set(known.findings);
  // A finding that was edited further is new under its id.
  const isTold = ({ id, state }: Finding) => state === 'still' && told.has(id);
  return open.length === told.size && open.every(isTold) ? 'nothing' : 'comment';
}

/** More than a tenant has application segments and groups; so many ids are 260 KB of DynamoDB's item of 400. */
const MAX_FINDINGS = 20_000;

type Opened = { ticket: string; source: string };

/** The record once the step is done; `opened`: the ticket that it opened. */
export function afterTicketStep(
  known: DriftTicket,
  report: DriftReport,
  step: TicketStep,
  opened?: Opened,
): DriftTicket {
  const { claim: _, ...rest } = known;
  const told = { ...rest, toldUntil: report.startedAt };
  if (step === 'nothing') return told;
  if (step === 'close') return withoutTicket(told);
  const findings = openFindingsOf(report, known.tenant).map(({ id }) => id);
  return { ...told, ...opened, findings: findings.slice(0, MAX_FINDINGS) };
}

/** The record without its ticket, which was closed or does not exist any more: the next one is another. */
export const withoutTicket = ({ ticket: _ticket, source: _source, ...known }: DriftTicket): DriftTicket => ({
  ...known,
  findings: [],
  closed: known.closed + 1,
});

/**
 * The record for a tenant whose tickets are opened by this source now: an id of another system may be any ticket of
 * this one.
 */
export const inSource = (known: DriftTicket, source: string): DriftTicket =>
  known.ticket === undefined || known.source === source ? known : withoutTicket(known);

/** Identifies the ticket that is opened next. */
export const openMarker = ({ lane, tenant, closed }: DriftTicket): string =>
  `zpa-changes-drift-${digest([lane, tenant, closed])}`;

/** Identifies what one report says on the ticket. */
export const commentMarker = ({ lane, tenant }: DriftTicket, { startedAt }: DriftReport): string =>
  `zpa-changes/drift/${digest([lane, tenant, startedAt])}`;

const digest = (parts: readonly unknown[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
