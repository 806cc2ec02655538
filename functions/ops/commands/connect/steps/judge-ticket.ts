import { gateOf } from '../../../../../shared/domain/approval/approval-schema.ts';
import { judgeTicket } from '../../../../../shared/domain/approval/judge-ticket.ts';
import type { SourceConfiguration } from '../../../../../shared/domain/configuration/configuration.ts';
import type { MappedTicket } from '../../../../../shared/domain/mapping/mapped-ticket.ts';
import { readField } from '../../../../../shared/domain/mapping/table/field-path.ts';
import { asSentence, formatCount } from '../../../../../shared/domain/text/sentence.ts';
import { visible } from '../../../../../shared/domain/text/visible-text.ts';
import type { TicketRecord } from '../../../../../shared/ports/ticket-system.ts';
import { type Finding, ok, unknown, wrong } from '../../../checks/finding.ts';
import { TEST_GROUP } from '../forms/test-ticket.ts';
import { approvalRemedy, historyRemedy } from './remedies.ts';

/** Judges what was read of the test ticket. `unknown`: it is not so far yet. */

type Kind = 'servicenow' | 'jira';

/** A ticket system whose tickets are read back. */
export type ReadTickets = Extract<SourceConfiguration['tickets'], { kind: Kind }>;

/**
 * Judges that the ticket is a test ticket whose fields are understood: the mapping finds nothing wrong but that nothing is to be
 * changed. A ticket of which a change could be made is refused, because the later steps write on it and move it.
 */
export function judgeFields(source: SourceConfiguration, ticket: TicketRecord, mapped: MappedTicket): Finding {
  const gate = source.approval && gateOf(source.approval);
  if (ticket.outOfScope !== undefined) return wrong(`read, but ${ticket.outOfScope}`, 'Make a test ticket in scope.');
  if (mapped.kind === 'mapped') {
    const says = `${visible(ticket.id)} is a real request: ${formatCount(mapped.changes.length, 'change')} could be made of it`;
    return wrong(says, `Use a test ticket: the group "${TEST_GROUP}" and no new name. Nothing was done to this one.`);
  }
  const verdict = gate === undefined ? undefined : judgeTicket(gate, ticket.payload);
  if (verdict?.kind === 'ignored' && verdict.reason === 'other-ticket') {
    return wrong(`read, and its ZPA action is not filled in (${verdict.says})`, FILL_IN);
  }
  const [first] = mapped.faults;
  const changesNothing = mapped.faults.length === 1 && first?.path === '' && first.row === '';
  // A real request whose new name was forgotten has the same fault.
  const isTest = JSON.stringify(ticket.payload).includes(TEST_GROUP);
  if (changesNothing && !isTest) return wrong(`it does not name the group "${TEST_GROUP}"`, FILL_IN);
  if (changesNothing) return ok('read back; its fields are understood, and no change can be made of it');
  const { sentence = 'its fields have faults', remedy = FILL_IN } = first ?? {};
  return wrong(`read, but its fields are not understood: ${visible(sentence, 500)}`, asSentence(visible(remedy, 500)));
}

const FILL_IN = `Fill in ZPA action "Rename group" and ZPA group "${TEST_GROUP}"; if they are, compare the columns or field numbers with the settings.`;

/** Judges that somebody approved it, and that the account is shown that. */
export function judgeApproved(kind: Kind, source: SourceConfiguration, ticket: TicketRecord, user: string): Finding {
  const [approval] = ticket.approvals;
  if (approval !== undefined) {
    return ok(`approved by ${visible(approval.by)} at ${approval.at}`);
  }
  if (movedOn(source, ticket) === 'by-account') {
    return unknown('the account moved it on, and its approval is over', 'To test again, use another test ticket.');
  }
  if (!isApproved(source, ticket)) return unknown('nobody has approved it yet', 'Let somebody else approve it.');
  return wrong('it is approved, but no approval is shown', approvalRemedy(kind, user));
}

/** Judges that its edits are told, with the evidence that none is hidden. */
export function judgeHistory(kind: Kind, { history, approvals }: TicketRecord, user: string): Finding {
  if (history.kind !== 'complete') return wrong(`not known: ${history.reason}`, historyRemedy(kind, user));
  if (approvals.length === 0) return unknown('the history of the approval is still to come', 'Let it be approved.');
  return ok(`complete: ${formatCount(history.value.length, 'edit')}, the approval among them`);
}

/** True if its fields say that it is approved, or on its way there. */
function isApproved({ approval }: SourceConfiguration, { payload }: TicketRecord): boolean {
  return readField(payload, 'record.approval.value') === 'approved' || isReady({ approval }, { payload });
}

/** True if its changes would be carried out now, if it had any: from here the results move a ticket on. */
export function isReady(
  { approval }: Pick<SourceConfiguration, 'approval'>,
  { payload }: Pick<TicketRecord, 'payload'>,
): boolean {
  const gate = approval && gateOf(approval);
  return gate !== undefined && judgeTicket(gate, payload).kind === 'approved';
}

/** `by-others`: it is in the state that the results move it to, and the history shows no move by the account. */
export type MovedOn = 'not-yet' | 'by-account' | 'by-others';

/** Only a move by the account itself proves that the account may move tickets. */
export function movedOn({ tickets, approval }: SourceConfiguration, { payload, history }: TicketRecord): MovedOn {
  const all = tickets?.transitions.all;
  if (all === undefined) return 'not-yet';
  const isFinal = (text: unknown) => String(text ?? '').toLowerCase() === all.to.toLowerCase();
  if (!STATES.some((field) => isFinal(readField(payload, field)))) return 'not-yet';
  const edits = history.kind === 'complete' ? history.value : [];
  const last = edits.findLast(({ field, to = [] }) => STATE_FIELDS.includes(field) && to.some(isFinal));
  return last !== undefined && last.by === approval?.integrationUser ? 'by-account' : 'by-others';
}

const STATES = ['record.state.value', 'record.state.display_value', 'issue.fields.status.name'];
const STATE_FIELDS = ['record.state', 'issue.fields.status'];

/** Judges that the last step is still to come, or was made by the account: else the ticket can prove nothing. */
export function judgeState(tickets: ReadTickets, moved: MovedOn): Finding | undefined {
  const to = tickets.transitions.all?.to;
  if (moved !== 'by-others' || to === undefined) return undefined;
  const says = `the ticket is already in ${stateName(tickets.kind, to)}, and its history does not show that zpa-changes moved it there`;
  const from = tickets.kind === 'servicenow' ? 'Implement' : tickets.approvedStatuses[0];
  return wrong(says, `Move it back to ${from}, or use another test ticket.`);
}

/** The settings name ServiceNow's states by their values. */
export const stateName = (kind: Kind, to: string) => (kind === 'servicenow' && to === '0' ? 'Review' : to);
