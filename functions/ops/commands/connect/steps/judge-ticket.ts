import { gateOf } from '../../../../../shared/domain/approval/approval-schema.ts';
import { judgeTicket } from '../../../../../shared/domain/approval/judge-ticket.ts';
import type { SourceConfiguration } from '../../../../../shared/domain/configuration/configuration.ts';
import type { TransitionsConfiguration } from '../../../../../shared/domain/configuration/tickets-schema.ts';
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
export function judgeApproved(kind: Kind, ticket: TicketRecord, isApproved: boolean, user: string): Finding {
  const [approval] = ticket.approvals;
  if (approval !== undefined) {
    return ok(`approved by ${visible(approval.by)} at ${approval.at}`);
  }
  if (!isApproved) return unknown('nobody has approved it yet', 'Let somebody else approve it.');
  return wrong('it is approved, but no approval is shown', approvalRemedy(kind, user));
}

/** Judges that its edits are told, with the evidence that none is hidden. */
export function judgeHistory(kind: Kind, { history, approvals }: TicketRecord, user: string): Finding {
  if (history.kind !== 'complete') return wrong(`not known: ${history.reason}`, historyRemedy(kind, user));
  if (approvals.length === 0) return unknown('the history of the approval is still to come', 'Let it be approved.');
  return ok(`complete: ${formatCount(history.value.length, 'edit')}, the approval among them`);
}

/** True if its fields say that it is approved, or on its way there. */
export function isApproved({ approval }: SourceConfiguration, { payload }: TicketRecord): boolean {
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

/** True if it is in the state that the results move a ticket to. */
export function isMovedOn({ all }: TransitionsConfiguration, { payload }: TicketRecord): boolean {
  if (all === undefined) return false;
  const states = ['record.state.value', 'record.state.display_value', 'issue.fields.status.name'];
  return states.some((field) => String(readField(payload, field) ?? '').toLowerCase() === all.to.toLowerCase());
}
