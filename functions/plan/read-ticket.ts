import { setTicket } from '../../shared/accept/changes/set-ticket.ts';
import { ticketSourceOf } from '../../shared/accept/tickets/ticket-source.ts';
import { judgeTicket } from '../../shared/domain/approval/judge-ticket.ts';
import type { ChangeRequest, Ticket } from '../../shared/domain/change/change.ts';
import { parseChange } from '../../shared/domain/change/parse-change.ts';
import type { SourceConfiguration } from '../../shared/domain/configuration/configuration.ts';
import type { PlanRequest } from '../../shared/domain/ledger/plan-request.ts';
import { mapTicket } from '../../shared/domain/mapping/map-ticket.ts';
import type { MappingFault } from '../../shared/domain/mapping/mapping-fault.ts';
import type { PlanPorts } from './ports.ts';

/** The result of reading a ticket for its plan. */
export type ReadTicket =
  | { kind: 'changes'; changes: ChangeRequest[]; ticket: Ticket }
  | { kind: 'faults'; faults: Pick<MappingFault, 'code' | 'sentence' | 'remedy'>[] }
  /** There is nothing to plan; `reason` says why. */
  | { kind: 'nothing'; reason: string };

/**
 * Reads the ticket as changes: as it is now if its system can be read back, otherwise as it was sent. Rejects as the ticket
 * system's port does.
 */
export async function readTicket(
  ports: PlanPorts,
  source: SourceConfiguration,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<ReadTicket> {
  const from = ticketSourceOf(request.source, source);
  if (from === undefined) return { kind: 'nothing', reason: 'the deliveries of its source are no tickets' };
  const reader = ports.tickets.readerOf(request.source, signal);
  const record = await reader?.read(request.ticketId);
  if (reader !== undefined && record === undefined) return { kind: 'nothing', reason: 'the ticket is not there' };
  if (record?.outOfScope !== undefined) return { kind: 'nothing', reason: record.outOfScope };
  const payload = record === undefined ? request.payload : record.payload;
  if (payload === undefined) return { kind: 'nothing', reason: 'the ticket was too large to be passed on' };
  const verdict = judgeTicket(from.gate, payload);
  // Without read-back a ticket that claims to be approved is planned too, because its claim has no other effect.
  const waits = verdict.kind === 'submitted' || (record === undefined && verdict.kind === 'approved');
  if (!waits) return { kind: 'nothing', reason: `it does not wait for approval: ${verdict.says}` };
  if (verdict.ticketId !== request.ticketId) return { kind: 'nothing', reason: 'it is another ticket' };
  const mapped = await mapTicket(from.mapping, payload, { source: request.source, evaluate: ports.evaluate });
  // A ticket may be about anything else, and then a comment about its missing segment group would only disturb.
  if (mapped.kind === 'faults' && from.gate.concerns.length === 0) {
    return { kind: 'nothing', reason: 'it cannot be read, and the gate does not say what it concerns' };
  }
  if (mapped.kind === 'faults') return mapped;
  const requestedBy = record?.requesters[0] ?? mapped.ticket.requestedBy;
  const parsed = mapped.changes.map((raw) => parseChange(setTicket(raw, source)));
  const faults = parsed.flatMap((one) => (one.ok ? [] : one.faults));
  if (faults.length > 0) return { kind: 'faults', faults };
  const ticket: Ticket = {
    system: source.system,
    id: mapped.ticket.id,
    ...(requestedBy !== undefined && { requestedBy }),
    approvals: [],
  };
  return { kind: 'changes', changes: parsed.flatMap((one) => (one.ok ? [one.change] : [])), ticket };
}
