import { affectsChange, namesRequester } from '../../domain/approval/affects-change.ts';
import { type ApprovalVerdict, judgeApproval } from '../../domain/approval/judge-approval.ts';
import { isTooLong } from '../../domain/approval/judge-ticket.ts';
import { isUnknownPerson } from '../../domain/approval/people.ts';
import { preapproval } from '../../domain/approval/preapproval.ts';
import { decisionsOf } from '../../domain/approval/set-backs.ts';
import type { MappedTicket } from '../../domain/mapping/mapped-ticket.ts';
import { requestersIn } from '../../domain/mapping/requesters-in.ts';
import type { TicketRecord } from '../../ports/ticket-system.ts';
import { setBacksOn, type TicketSnapshot } from './cancel-lapsed.ts';
import type { TicketSource } from './ticket-source.ts';

/** Judges the approvals that a ticket shows for the request that it shows. `requesters`: everyone who stands for it. */
export function judgeSnapshot(
  from: TicketSource,
  { ticket, fromPayload }: TicketSnapshot,
  mapped: MappedTicket,
  now: number,
): { verdict: ApprovalVerdict; requesters: string[] } {
  const { mapping, gate, approval } = from;
  const requesters = requestersOf(from, ticket, mapped);
  const facts = {
    approvals: ticket.approvals,
    preapproved: preapproval(gate, ticket.payload, ticket.history),
    requesters,
    history: ticket.history,
    setBacks: setBacksOn(gate, ticket),
    decisions: ticket.history.kind === 'complete' ? decisionsOf(gate, ticket.payload, ticket.history.value) : [],
    affectsChange: (field: string) => affectsChange(mapping, gate, field),
    namesRequester: (field: string) => namesRequester(mapping, field),
    now,
  };
  // A trusted payload counts as the approved contents, since it brings no history.
  const trustHistory = approval.trustHistory || fromPayload === true;
  return { verdict: judgeApproval(facts, { selfApproval: approval.selfApproval, trustHistory }), requesters };
}

function requestersOf({ mapping }: TicketSource, ticket: TicketRecord, mapped: MappedTicket): string[] {
  const requester = mapped.kind === 'mapped' ? mapped.ticket.requestedBy : undefined;
  const mappedNames = [...(requester === undefined ? [] : [requester]), ...requestersIn(mapping, ticket.payload)];
  const named = [...ticket.requesters, ...mappedNames];
  // A payload does not fill in for a system that shows no name, and nobody can tell for whom a thousand people asked.
  const isUnnamed = ticket.requesters.length > 0 && ticket.requesters.every(isUnknownPerson);
  return isUnnamed || isTooLong(named) ? [] : named;
}
