import type { Command } from 'commander';
import { ACTS_BEGIN, mayBeOfTicket, OUTCOMES_BEGIN } from '../../../../shared/domain/audit/audit-key.ts';
import type { ActLine, AuditLine, OutcomeLine } from '../../../../shared/domain/audit/audit-line.ts';
import type { ChangeRequest } from '../../../../shared/domain/change/change.ts';
import type { Outcome } from '../../../../shared/domain/outcome/outcome.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { detailLine, formatTime, outcomeLines } from '../../output/describe-change.ts';
import { describeRecord } from '../../output/describe-request.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { Terminal } from '../../output/terminal.ts';
import { openTrail, readDays, readTrail } from '../../session/audit.ts';
import type { BareCommand, BindBareCommand } from '../../session/command.ts';

/** Adds the command `audit show`. */
export function addAuditShow(audit: Command, bind: BindBareCommand): void {
  audit
    .command('show')
    .description('Shows all that the audit trail says about a ticket, oldest first.')
    .argument('<ticket>', 'as the ticket system calls it, for example CHG0031337')
    .option('--from <day>', 'not before this day', '0000-01-01')
    .option('--to <day>', 'not after this day', '9999-12-31')
    .addHelpText('after', '\nExample:\n  zpa-changes audit show CHG0031337')
    .action(bind(show));
}

type Options = { from: string; to: string };

const show: BareCommand<Options> = async ({ terminal, findTarget, processContext }, options, ticket = '') => {
  const trail = openTrail(findTarget(), processContext.env);
  const lines: AuditLine[] = [];
  const unread: string[] = [];
  const mayBe = (key: string) => key.startsWith(ACTS_BEGIN) || mayBeOfTicket(key, ticket);
  for await (const { key, read } of readTrail(trail, [OUTCOMES_BEGIN, ACTS_BEGIN], readDays(options), mayBe)) {
    if (read.kind !== 'line') unread.push(key);
    else if (isOf(read.line, ticket)) lines.push(read.line);
  }
  lines.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  for (const key of unread) terminal.warn(`The line ${key} cannot be read: zpa-changes audit verify.`);
  if (lines.length === 0 && unread.length === 0) {
    const remedy =
      'Names are case-sensitive. What the webhook refused, what is still open, and what ended before the audit trail was deployed have no line.';
    throw new OpsError(EXIT.notFound, 'ticket-not-found', `The audit trail has no line of "${ticket}".`, remedy);
  }
  for (const line of lines) {
    for (const text of line.kind === 'act' ? actLines(line) : describe(line, terminal)) terminal.say(text);
    terminal.say('');
  }
  terminal.document(lines);
  return unread.length === 0 ? EXIT.ok : EXIT.failed;
};

function isOf(line: AuditLine, ticket: string): boolean {
  if (line.kind === 'outcome') return line.ticket.id === ticket;
  const { tickets } = line.details;
  return Array.isArray(tickets) && tickets.includes(ticket);
}

function describe({ ref, ticket, settings, plan, outcome, ...line }: OutcomeLine, terminal: Terminal): string[] {
  // The ledger's own forms: what was read was written from them.
  const change = line.change as unknown as ChangeRequest;
  const ended = { ...outcome, settingsVersion: settings.settledBy } as unknown as Outcome;
  const others = (ticket.requestedWith ?? []).map((name) => visible(name));
  const approvals = ticket.approvals.map(({ by, at, ref: of }) =>
    visible([by, at, of && `approval ${of}`].filter(Boolean).join(', ')),
  );
  const write = outcome.writeId;
  return [
    terminal.colours.bold(visible(ref.idempotencyKey)),
    detailLine('change', visible(describeRecord({ change, outcome: ended }), 400)),
    detailLine('tenant', `${visible(ref.tenant)}, from ${visible(ref.source)}, lane ${visible(ref.lane)}`),
    detailLine('ticket', `${visible(ticket.system)} ${visible(ticket.id)}`),
    detailLine('requested', ticket.requestedBy === undefined ? 'not known' : `by ${visible(ticket.requestedBy)}`),
    ...(others.length === 0 ? [] : [detailLine('', `with ${others.join(', ')}`)]),
    ...(approvals.length === 0 ? [detailLine('approved', 'by nobody')] : []),
    ...approvals.map((approval) => detailLine('approved', `by ${approval}`)),
    ...(plan === undefined ? [] : [detailLine('plan', `seen by the approver, hash ${plan}`)]),
    ...(line.acceptedAt === undefined ? [] : [detailLine('accepted', acceptedText(line.acceptedAt, settings))]),
    ...outcomeLines(ended, terminal, change),
    ...(write === undefined ? [] : [detailLine('write', `id ${visible(write)}`)]),
  ];
}

/** A detail of an act in words: a list by its members, a change by its key. */
function detailOf(name: string, value: unknown): string[] {
  const texts = (Array.isArray(value) ? value : [value]).map(detailText).filter((text) => text !== '');
  const shown = texts.slice(0, DETAILS_SHOWN).join(', ');
  const more = texts.length > DETAILS_SHOWN ? ` and ${texts.length - DETAILS_SHOWN} more` : '';
  return shown === '' ? [] : [detailLine(visible(name), visible(`${shown}${more}`, 1000))];
}

const DETAILS_SHOWN = 20;

function detailText(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value ?? '');
  return 'idempotencyKey' in value ? String(value.idempotencyKey) : JSON.stringify(value);
}

const acceptedText = (at: string, { acceptedBy }: OutcomeLine['settings']) =>
  `${at}${acceptedBy === undefined ? '' : `, by version ${acceptedBy} of the settings`}`;

/** The name under which the trail records a retry. */
const FORMER_RETRY = 'failures redrive';

function actLines({ at, act, phase, principal, result, error, details }: ActLine): string[] {
  const { by, reason, until, ...others } = details;
  return [
    `${visible(act === FORMER_RETRY ? 'failures retry' : act)} ${phase === 'begun' ? 'begun' : (result ?? phase)}`,
    detailLine('by', visible(principal)),
    detailLine('when', visible(at)),
    ...detailOf('decided by', by),
    ...detailOf('reason', reason),
    ...detailOf('until', typeof until === 'number' ? formatTime(until) : until),
    ...Object.entries(others).flatMap(([name, value]) => detailOf(name, value)),
    ...(error === undefined ? [] : [detailLine('why', visible(error, 1000))]),
  ];
}
