import Table from 'cli-table3';
import picocolors from 'picocolors';
import { asSentence } from '../../shared/domain/text/sentence.ts';
import { visible } from '../../shared/domain/text/visible-text.ts';
import type { TicketAnswer } from '../ticket-systems/answers.ts';
import type { ChangeView, TenantView } from '../world/snapshot/snapshot.ts';
import type { AnsweredTicket } from './send-tickets.ts';

/** The result of a sample ticket's delivery to the webhook. */
export type Sent = { ticket: string; notice: string; status: number; keys: string[]; source: string };

const TONES: Record<string, (text: string) => string> = {
  applied: picocolors.green,
  unchanged: picocolors.dim,
  rejected: picocolors.red,
};

const NO_FRAME = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

/** Ticket, action, group, outcome, details: one row per change, in the order they came. */
export function changesTable(changes: readonly ChangeView[], refused: readonly Sent[], width = 110): string {
  const widths = width < 100 ? [11, 7, 16, 9] : [12, 8, 20, 11];
  const table = newTable(['ticket', 'action', 'group', 'outcome', 'details'], fill(widths, width));
  for (const change of changes) {
    const outcome = change.outcome ?? change.phase;
    const tone = TONES[outcome] ?? picocolors.yellow;
    const why = change.code === undefined ? change.asks : `${change.code}: ${asSentence(change.why)}`;
    table.push([visible(change.ticket.id), change.action, visible(change.group), tone(outcome), visible(why)]);
  }
  for (const { ticket, notice } of refused) {
    table.push([ticket, '', '', picocolors.red('rejected'), visible(notice)]);
  }
  return table.toString();
}

/** ZPA's state afterwards: the guide's "list". */
export function groupsTable(tenant: TenantView, width = 110): string {
  const table = newTable(
    ['id', 'group', 'enabled', 'application segments'],
    fill([19, width < 100 ? 17 : 22, 8], width),
  );
  for (const group of tenant.groups) {
    const applications = group.applications.map((application) => application.name).join(', ');
    table.push([group.id, visible(group.name), group.enabled ? 'yes' : 'no', visible(applications)]);
  }
  return table.toString();
}

/** Ticket, its state, and the first line of its last comment. */
export function answersTable(answers: readonly TicketAnswer[], width = 110): string {
  const table = newTable(['ticket', 'state', 'comments', 'last comment'], fill([12, 12, 10], width));
  for (const { ticket, state, notes } of answers) {
    const [heading = ''] = (notes.at(-1) ?? '').split('\n');
    table.push([visible(ticket), visible(state), String(notes.length), visible(heading)]);
  }
  return table.toString();
}

/** Each ticket as it came in, what was planned, and what went back: a few lines that are easy to follow. */
export function ticketStories(tickets: readonly AnsweredTicket[]): string {
  return tickets.map(ticketStory).join('\n');
}

function ticketStory({
  id,
  kind,
  requester,
  approver,
  asks,
  plan,
  outcome,
  answer,
  state,
  page,
}: AnsweredTicket): string {
  const line = (label: string, text: string) => `    ${picocolors.dim(label.padEnd(9))}${visible(text)}`;
  return [
    `  ${picocolors.bold(visible(id))}  ${kind}`,
    line('request', `${asks}; filed by ${requester}, approved by ${approver}`),
    line('plan', plan ?? 'none yet'),
    line('result', outcome === undefined ? 'none' : `${answer}: ${outcome} Ticket state: ${state}.`),
    line('page', page),
  ].join('\n');
}

/** The last column takes what is left; two characters stand between columns. */
function fill(widths: number[], width: number): number[] {
  const taken = widths.reduce((sum, one) => sum + one + 2, 0);
  return [...widths, Math.max(20, width - taken)];
}

function newTable(head: string[], colWidths: number[]) {
  return new Table({
    head: head.map((name) => picocolors.dim(name)),
    colWidths,
    wordWrap: true,
    chars: NO_FRAME,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
  });
}
