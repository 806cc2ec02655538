import type { DriftTicketSettings } from '../../shared/domain/configuration/drift-schema.ts';
import type { DriftReport } from '../../shared/domain/drift/report.ts';
import {
  afterTicketStep,
  commentMarker,
  type DriftTicket,
  inSource,
  nextTicketStep,
  openMarker,
  type TicketStep,
  withoutTicket,
} from '../../shared/domain/drift/ticket/drift-ticket.ts';
import { ticketText, ticketTitle } from '../../shared/domain/drift/ticket/ticket-text.ts';
import { commentOn } from './comment-on.ts';
import type { NotifyPorts } from './ports.ts';

/** A report, and the tenant whose ticket it is told on. */
export type TenantReport = { report: DriftReport; tenant: string; settings: DriftTicketSettings };

/**
 * Opens, comments on or closes the ticket about the drift of one tenant, each once in effect: one invocation at a time
 * has the record's claim, and the tickets and comments have markers. Returns how long the message is hidden where
 * another invocation has the claim. Rejects as the ledger and the ticket system do; a repeated call is harmless then.
 */
export async function tellTenant(
  notify: NotifyPorts,
  told: TenantReport,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { driftTickets, clock, chance, timing } = notify;
  const { report, tenant, settings } = told;
  const stored = await driftTickets.read(report.lane, tenant);
  const known = inSource(stored, settings.source);
  const step = nextTicketStep(known, report);
  if (step === 'seen') return undefined;
  const now = clock.now();
  if (stored.claim !== undefined && stored.claim.until > now) return timing.claimedRetryMs;
  const claimed = { ...known, claim: { by: chance.id(), until: now + timing.claimMs } };
  if (!(await driftTickets.write(claimed, stored.version)).written) return timing.claimedRetryMs;
  const mine = { ...claimed, version: stored.version + 1 };
  try {
    const next = await takeStep(notify, told, mine, step, signal);
    await driftTickets.write(next, mine.version);
  } catch (error) {
    const { claim: _, ...free } = mine;
    // A claim that cannot be given back ends by itself, and hides no reason why the step failed.
    await driftTickets
      .write(free, mine.version)
      .catch((failed) => notify.log.warn('the claim on a drift ticket was not given back', { tenant, error: failed }));
    throw error;
  }
  return undefined;
}

async function takeStep(
  notify: NotifyPorts,
  told: TenantReport,
  known: DriftTicket,
  step: TicketStep,
  signal: AbortSignal,
): Promise<DriftTicket> {
  const { report, tenant, settings } = told;
  if (step === 'nothing') return afterTicketStep(known, report, step);
  if (known.ticket === undefined) return open(notify, told, known, signal);
  const writer = notify.writerOf(settings.source, signal);
  if (writer === undefined) throw new Error(`source ${settings.source} has no ticket system`);
  const marker = commentMarker(known, report);
  const commented = await commentOn(writer, known.ticket, ticketText(report, tenant, step), marker);
  if (typeof commented === 'object') {
    notify.log.warn('the ticket about drift is gone', { tenant, ticket: known.ticket, ...commented });
    const gone = withoutTicket(known);
    return step === 'close' ? afterTicketStep(gone, report, 'nothing') : open(notify, told, gone, signal);
  }
  if (step === 'close') {
    const { to, fields } = settings.closed;
    const moved = await writer.transition(known.ticket, to, fields, marker);
    if (moved.result === 'refused') {
      notify.meter.count('NotifyPartial', 1, { source: settings.source });
      notify.log.warn('ticket told in part', { source: settings.source, ticket: known.ticket, reason: moved.reason });
    }
  }
  sayTold(notify, told, known.ticket, step);
  return afterTicketStep(known, report, step);
}

async function open(
  notify: NotifyPorts,
  told: TenantReport,
  known: DriftTicket,
  signal: AbortSignal,
): Promise<DriftTicket> {
  const { report, tenant, settings } = told;
  const { source, table, fields } = settings;
  const opener = notify.openerOf(source, signal);
  if (opener === undefined) throw new Error(`source ${source} has no ticket system`);
  const text = ticketText(report, tenant, 'open');
  const ticket = await opener.open({ title: ticketTitle(tenant), text, fields, table, marker: openMarker(known) });
  sayTold(notify, told, ticket, 'open');
  return afterTicketStep(known, report, 'open', { ticket, source });
}

function sayTold({ meter, log }: NotifyPorts, { tenant, settings }: TenantReport, ticket: string, step: TicketStep) {
  meter.count('TicketsTold', 1, { source: settings.source });
  log.info('drift told', { tenant, source: settings.source, ticket, step });
}
