import { mapTicket } from '../../../../../shared/domain/mapping/map-ticket.ts';
import { visible } from '../../../../../shared/domain/text/visible-text.ts';
import { errorCode } from '../../../../../shared/ports/error-code.ts';
import type { TicketReader, TicketRecord, TicketWriter } from '../../../../../shared/ports/ticket-system.ts';
import { createEvaluate } from '../../../../../shared/runtime/jsonata-evaluate.ts';
import { createTicketSystems } from '../../../../../shared/tickets/ticket-systems.ts';
import { couldNotCheck, type Finding, messageOf, ok, skipped, unknown, wrong } from '../../../checks/finding.ts';
import { sendDelivery } from '../../../session/deliver.ts';
import { lookForDelivery, lookForPlan, type Trial } from './evidence.ts';
import {
  isReady,
  judgeApproved,
  judgeFields,
  judgeHistory,
  judgeState,
  movedOn,
  type ReadTickets,
  stateName,
} from './judge-ticket.ts';
import { judgeProbe, probeBody } from './probe.ts';
import { approvalRemedy, commentRemedy, refusedRemedy, transitionRemedy, unseenRemedy } from './remedies.ts';

/** One thing that has to work. `needs`: steps that come before it, because it writes on the ticket or means nothing without them. */
export type Step = { name: string; needs: string[]; look: () => Promise<Finding> };

/** The steps of a source in the order in which they are shown, and what closes their clients. */
export function openSteps(trial: Trial): { steps: Step[]; beginRound: () => void; close: () => Promise<void> } {
  const { tickets } = trial.source;
  const webhook = { name: 'webhook', needs: [], look: () => probe(trial) };
  const delivery = { name: 'delivery', needs: [], look: () => lookForDelivery(trial) };
  const nothing = { beginRound: () => undefined, close: async () => undefined };
  if (tickets === undefined) return { steps: [webhook, delivery], ...nothing };
  if (tickets.kind === 'webhook') {
    const plan = { name: 'plan', needs: ['delivery'], look: () => lookForPlan(trial, tickets.url) };
    return { steps: [webhook, delivery, plan], ...nothing };
  }
  const opened = openClients(trial);
  const user = trial.source.approval?.integrationUser ?? 'the account';
  const subject = { ...trial, ...opened, kind: tickets.kind, tickets, user };
  const approved = async () => judgeApproved(tickets.kind, trial.source, await opened.ticket(), user);
  return {
    steps: [
      webhook,
      { name: 'ticket', needs: [], look: () => lookAtTicket(subject) },
      delivery,
      { name: 'comment', needs: ['ticket'], look: () => onTestTicket(subject, comment) },
      { name: 'approval', needs: ['ticket'], look: approved },
      { name: 'history', needs: ['ticket'], look: async () => judgeHistory(tickets.kind, await opened.ticket(), user) },
      {
        name: 'transition',
        needs: ['webhook', 'ticket', 'delivery', 'comment', 'approval', 'history'],
        look: () => onTestTicket(subject, moveOn),
      },
    ],
    beginRound: opened.forget,
    close: opened.close,
  };
}

type Subject = Trial &
  ReturnType<typeof openClients> & {
    kind: 'servicenow' | 'jira';
    tickets: ReadTickets;
    user: string;
  };

/** The clients that the functions have: one that reads with the reading account, one that writes with the other. */
function openClients({ session: { configuration, secrets, clock }, name, signal, ticketId }: Trial) {
  const common = { configuration, secrets, clock };
  const comments = { comment: () => Promise.reject(new Error('this client only reads')) };
  const [reading, writing] = [createTicketSystems({ ...common, comments }), createTicketSystems(common)];
  let read: Promise<TicketRecord> | undefined;
  return {
    /** The ticket as it is in this round. Rejects with a finding where it is not shown. */
    ticket: () => (read ??= readTicket(reading.readerOf(name, signal), ticketId)),
    forget: () => {
      read = undefined;
    },
    writer: (): TicketWriter => required(writing.writerOf(name, signal)),
    close: async () => {
      await Promise.all([reading.close(), writing.close()]);
    },
  };
}

function required<T>(client: T | undefined): T {
  if (client === undefined) throw new Error('this source has a ticket system');
  return client;
}

class Unseen extends Error {}

async function readTicket(reader: TicketReader | undefined, id: string): Promise<TicketRecord> {
  const found = await required(reader).read(id);
  if (found === undefined) throw new Unseen();
  return found;
}

async function probe({ session, signal, name, source }: Trial): Promise<Finding> {
  const { status, text } = await sendDelivery(session, name, probeBody(source), signal);
  const isReadBack = source.tickets !== undefined && source.tickets.kind !== 'webhook';
  return judgeProbe(status, text, isReadBack, name);
}

async function lookAtTicket(subject: Subject): Promise<Finding> {
  const { source, tickets, name, kind, user } = subject;
  try {
    const ticket = await subject.ticket();
    const evaluate = createEvaluate();
    const mapped = await mapTicket(source.mapping ?? { preset: 'jira-issue' }, ticket.payload, {
      source: name,
      evaluate,
    });
    const fields = judgeFields(source, ticket, mapped);
    return (fields.result === 'ok' ? judgeState(tickets, movedOn(source, ticket)) : undefined) ?? fields;
  } catch (error) {
    if (error instanceof Unseen)
      return wrong(`${visible(subject.ticketId)} is not to be seen`, unseenRemedy(kind, user));
    // The ticket itself was read by then.
    const isOfApprovals = messageOf(error).includes('sysapproval_approver');
    return refusalOf(
      error,
      isOfApprovals ? approvalRemedy(kind, user) : refusedRemedy(kind, user, `tickets-read/${name}`),
    );
  }
}

/** Writes on the ticket if no change can be made of it in this round either: people edit it while the command waits. */
async function onTestTicket(subject: Subject, write: (subject: Subject) => Promise<Finding>): Promise<Finding> {
  const fields = await lookAtTicket(subject);
  return fields.result === 'ok' ? write(subject) : fields;
}

/** The refusal of a call by the ticket system, with what to do; an error of AWS says which right is missing. */
function refusalOf(error: unknown, remedy: string): Finding {
  const code = errorCode(error) ?? '';
  if (!code.startsWith('ticket')) return couldNotCheck(error, ['secretsmanager:GetSecretValue']);
  const isLasting = code !== 'tickets-unavailable' && code !== 'tickets-limited';
  const says = visible(messageOf(error), 500);
  return isLasting ? wrong(says, remedy) : unknown(says, UNAVAILABLE);
}

const UNAVAILABLE =
  'The ticket system gave no complete answer, which says nothing about the account: try again in a minute.';

const NOTE = [
  { kind: 'heading', text: 'Connection test' } as const,
  { kind: 'line', text: 'zpa-changes can write here. Nothing is changed by this ticket.' } as const,
];

async function comment({ writer, ticketId, name, kind, user }: Subject): Promise<Finding> {
  try {
    const said = await writer().comment(ticketId, NOTE, `zpa-changes/connect/${name}`);
    return said === 'no-ticket'
      ? wrong('the account that writes is not shown the ticket', unseenRemedy(kind, user))
      : ok('written');
  } catch (error) {
    return refusalOf(error, `${commentRemedy(kind, user)} ${refusedRemedy(kind, user, `tickets/${name}`)}`);
  }
}

/** Moves the test ticket on as the results of a change that took effect would. */
async function moveOn(subject: Subject): Promise<Finding> {
  const { source, tickets, ticketId, name, kind, user } = subject;
  const { all } = tickets.transitions;
  if (all === undefined) return skipped('the settings name no transition: tickets stay as they are');
  const ticket = await subject.ticket();
  if (movedOn(source, ticket) === 'by-account') {
    return ok(`the account moved the ticket to ${stateName(kind, all.to)} before`);
  }
  if (!isReady(source, ticket)) {
    const next = kind === 'servicenow' ? 'Move it to Implement.' : 'Let somebody else approve it.';
    return unknown('approved, but not yet in the state in which changes are applied', next);
  }
  try {
    const fields = Object.entries(all.fields).map(([field, value]) => [field, value === '{summary}' ? SUMMARY : value]);
    const moved = await subject
      .writer()
      .transition(ticketId, all.to, Object.fromEntries(fields), `zpa-changes/connect/${name}`);
    if (moved.result === 'done') return ok(`the ticket was moved to ${stateName(kind, all.to)}`);
    return wrong(visible(moved.reason, 500), transitionRemedy(kind, user));
  } catch (error) {
    return refusalOf(error, refusedRemedy(kind, user, `tickets/${name}`));
  }
}

const SUMMARY = 'Connection test: nothing was changed';
