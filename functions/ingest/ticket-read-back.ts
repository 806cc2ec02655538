import type { TicketSnapshot } from '../../shared/accept/tickets/cancel-lapsed.ts';
import type { TicketSource } from '../../shared/accept/tickets/ticket-source.ts';
import { payloadApproval } from '../../shared/domain/approval/payload-approval.ts';
import type { Reading } from '../../shared/domain/approval/reading.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { errorCode, retryAfterMsOf } from '../../shared/ports/error-code.ts';
import { withTimeout } from '../../shared/runtime/with-timeout.ts';
import type { IngestPorts } from './ports.ts';

/** GitHub waits 10 s for an answer, Jira 20 s; the steps after the read-back need a part of that. */
const READ_BACK_MS = 5000;
/** The pause for the sender when the ticket system names none. */
const RETRY_AFTER_SECONDS = 30;

export type ReadBack =
  | { kind: 'read'; snapshot: TicketSnapshot }
  /** This source's tickets cannot be read back. */
  | { kind: 'unsupported' }
  /** The ticket system says that there is no such ticket, after `asOf`. */
  | { kind: 'gone'; asOf: number }
  | { kind: 'ignored'; reason: string; says: string }
  | { kind: 'unavailable'; answer: HttpAnswer };

/**
 * Reads the ticket as its system shows it now. Never rejects: if the system does not answer in time, the sender gets 503,
 * and nothing is lost if it does not send again, because reconcile finds approved tickets.
 */
export async function readTicketBack(ports: IngestPorts, from: TicketSource, ticketId: string): Promise<ReadBack> {
  if (ports.tickets?.readerOf(from.name) === undefined) return { kind: 'unsupported' };
  const asOf = ports.clock.now();
  try {
    const ticket = await withTimeout(ports.clock, READ_BACK_MS, async (signal) =>
      ports.tickets?.readerOf(from.name, signal)?.read(ticketId),
    );
    if (ticket !== undefined) return { kind: 'read', snapshot: { ticket, asOf } };
    return { kind: 'gone', asOf };
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    const retryAfterMs = retryAfterMsOf(error);
    if (code === 'ticket-id')
      return { kind: 'ignored', reason: code, says: 'its number is none of "tickets.idPattern"' };
    // To send it again would find the same two records.
    if (code === 'ticket-ambiguous' && error instanceof Error) {
      return { kind: 'ignored', reason: code, says: error.message };
    }
    ports.log.error('a ticket could not be read back', { source: from.name, ticket: ticketId, code, error });
    ports.meter.count('ReadBackFailed', 1, { source: from.name, code });
    // No later try succeeds, so that the sender is not asked for one.
    if (code === 'tickets-unsupported') return { kind: 'ignored', reason: code, says: UNSUPPORTED };
    const seconds = retryAfterMs === undefined ? RETRY_AFTER_SECONDS : Math.max(1, Math.ceil(retryAfterMs / 1000));
    const detail = `The ticket could not be read back (${code}). Send the same delivery again; reconciliation also finds it later.`;
    return {
      kind: 'unavailable',
      answer: problem('unavailable', { detail, headers: { 'retry-after': `${seconds}` } }),
    };
  }
}

const UNSUPPORTED =
  'it is of a product that cannot be read back, such as Jira Server or Data Center: connect Jira Cloud';

const NO_HISTORY: Reading<never> = { kind: 'unknown', reason: 'a payload brings no history' };

/** The ticket as a trusted payload tells it; undefined: this source's payloads are not trusted. */
export function ticketFromPayload(
  { clock }: Pick<IngestPorts, 'clock'>,
  { approval, source }: TicketSource,
  ticketId: string,
  payload: unknown,
): TicketSnapshot | undefined {
  if (!approval.trustPayload) return undefined;
  const asOf = clock.now();
  const claimed = payloadApproval(approval, payload, { system: source.system, now: asOf });
  const approvals = claimed === undefined ? [] : [claimed];
  return { ticket: { id: ticketId, payload, approvals, requesters: [], history: NO_HISTORY }, asOf, fromPayload: true };
}
