import type { DriftTicketSettings } from '../../shared/domain/configuration/drift-schema.ts';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import type { DriftReport } from '../../shared/domain/drift/report.ts';
import { parseReport } from '../../shared/domain/drift/report-schema.ts';
import { lanesOf } from '../../shared/domain/lane/change-ref.ts';
import { errorCode } from '../../shared/ports/error-code.ts';
import type { QueueRecord } from '../../shared/ports/ports.ts';
import type { Deadline } from '../../shared/runtime/deadline.ts';
import { TicketError } from '../../shared/tickets/http/ticket-error.ts';
import { type DeferredMessage, MIN_REMAINING_MS, pauseOf } from './deferred-message.ts';
import type { NotifyPorts } from './ports.ts';
import { tellTenant } from './tell-tenant.ts';

type DriftMessage = { lane: string; key: string; message: QueueRecord };

/**
 * Tells the tickets about drift of a lane's tenants what a report has found. Returns the message if it must come again;
 * what was told by then is not told twice.
 */
export async function tellDrift(
  notify: NotifyPorts,
  { lane, key, message }: DriftMessage,
  deadline: Deadline,
): Promise<DeferredMessage[]> {
  const deferred: DeferredMessage[] = [];
  let report: DriftReport | undefined;
  for (const { tenant, settings } of ticketsOf(notify, lane)) {
    if (deadline.remainingMs() < MIN_REMAINING_MS) {
      deferred.push({ message, pauseMs: pauseOf(notify, message, undefined) });
      break;
    }
    try {
      report ??= await readReport(notify, lane, key);
      if (report === undefined) break;
      const pauseMs = await tellTenant(notify, { report, tenant, settings }, deadline.signal);
      if (pauseMs !== undefined) deferred.push({ message, pauseMs });
    } catch (error) {
      const code = errorCode(error) ?? 'unknown';
      notify.log.warn('the ticket about drift could not be told', {
        lane,
        tenant,
        source: settings.source,
        code,
        error,
      });
      notify.meter.count('NotifyFailed', 1, { source: settings.source });
      deferred.push({ message, pauseMs: pauseOf(notify, message, error instanceof TicketError ? error : undefined) });
    }
  }
  return deferred.slice(0, 1);
}

type ToldTenant = { tenant: string; settings: DriftTicketSettings };

/** The tenants of the lane that have a ticket about their drift. */
function ticketsOf({ configuration }: NotifyPorts, lane: string): ToldTenant[] {
  const tenants = lanesOf(configuration).get(lane) ?? [];
  return tenants.flatMap((tenant) => {
    const settings = lookup(configuration.tenants, tenant)?.drift.ticket;
    return settings === undefined ? [] : [{ tenant, settings }];
  });
}

/** undefined: it is no report of this lane, which another attempt would not help. */
async function readReport({ reports, log }: NotifyPorts, lane: string, key: string): Promise<DriftReport | undefined> {
  const text = await reports.read(key);
  const report = text === undefined ? undefined : parseReport(text);
  if (report?.lane === lane) return report;
  log.warn('a drift report cannot be read', { lane, key });
  return undefined;
}
