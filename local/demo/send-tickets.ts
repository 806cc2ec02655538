import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { answersOn } from '../ticket-systems/answers.ts';
import type { LocalTicketSystems } from '../ticket-systems/open.ts';
import { describeDelivery } from './describe-delivery.ts';
import { jiraIssue } from './jira-issue.ts';
import type { SampleTicket } from './sample-ticket.ts';
import { servicenowChange } from './servicenow-change.ts';
import { toolRequest } from './tool-request.ts';

/** A ticket as it came in, and what went back on it. */
export type AnsweredTicket = Pick<SampleTicket, 'kind' | 'answer' | 'asks' | 'requester' | 'approver'> & {
  id: string;
  /** First lines of its comments. */
  plan: string | undefined;
  outcome: string | undefined;
  state: string;
  /** The page on which people see it. */
  page: string;
  keys: string[];
};

/** Of the world, what tickets need. */
export type TicketWorld = {
  deliver(source: string, body: unknown): Promise<{ status: number; body: unknown }>;
  until<Fact>(look: () => Promise<Fact | undefined>, signal?: AbortSignal): Promise<Fact>;
  changes(): Promise<ChangeRecord[]>;
  awaitAnswered(signal?: AbortSignal): Promise<unknown>;
};

type Options = {
  world: TicketWorld;
  systems: LocalTicketSystems;
  report: (line: string) => void;
  signal: AbortSignal;
};

/** Real time: a plan needs ZPA's reads, and may come after others. The product promises it within 30 s. */
const PLAN_PATIENCE_MS = 40_000;

/**
 * Files one ticket in each system, lets its plan appear on it, has it approved, and waits for the answer. A ticket that
 * an earlier run left is taken up where it is. Answers what stands on each; rejects when the signal aborts.
 */
export async function sendTickets(options: Options): Promise<AnsweredTicket[]> {
  const { systems } = options;
  const tickets = [servicenowChange(systems.servicenow.url), jiraIssue(systems.jira), toolRequest()];
  // They wait for the same lane and the same budget: together they wait once.
  const carried = await Promise.all(tickets.map((ticket) => carryThrough(options, ticket)));
  await options.world.awaitAnswered(options.signal);
  const answers = new Map(answersOn(systems).map((answer) => [answer.ticket, answer]));
  return carried.map(({ ticket, id, keys, page }) => {
    const { state = '', notes = [] } = answers.get(id) ?? {};
    const { kind, answer, asks, requester, approver } = ticket;
    const outcome = notes.findLast((note) => !isPlan(note));
    return {
      kind,
      answer,
      asks,
      requester,
      approver,
      id,
      state,
      page,
      keys,
      ...firstLines(notes.findLast(isWhole), outcome),
    };
  });
}

const firstLines = (plan: string | undefined, outcome: string | undefined) => ({
  plan: plan?.split('\n')[0],
  outcome: outcome?.split('\n')[0],
});

async function carryThrough(options: Options, ticket: SampleTicket) {
  const { world, report, signal } = options;
  const id = await ticket.submit();
  const changes = async () =>
    (await world.changes()).filter(({ ref, ticket: { id: known } }) => ref.source === ticket.source && known === id);
  if ((await changes()).length === 0) {
    const deliver = async () => describeDelivery(await world.deliver(ticket.source, await ticket.payload(id)));
    report(
      `${id}: ${ticket.kind} filed by ${ticket.requester}: ${ticket.asks}. It waits for approval (${await deliver()}).`,
    );
    report(`${id}: ${(await planOn(options, id)) ?? 'no plan yet; approval does not depend on it'}.`);
    signal.throwIfAborted();
    await ticket.approve(id);
    report(`${id}: approved by ${ticket.approver} (${await deliver()}).`);
  }
  // A delivery that was refused has no change and no answer; a caller that looks for them sees that they are missing.
  const accepted = (await changes()).map(({ ref }) => ref.idempotencyKey);
  await world.until(async () => (await changes()).every(isDone) || undefined, signal);
  const url = (await changes())[0]?.ticket.url ?? '';
  return { ticket, id, keys: accepted, page: url };
}

const isDone = ({ state, pending }: ChangeRecord) => state === 'settled' && pending.length === 0;

const isPlan = (note: string) => /^Plan of \d/m.test(note.split('\n')[0] ?? '');
const isWhole = (note: string) => isPlan(note) && !/being made|not known yet/.test(note.split('\n')[0] ?? '');

async function planOn({ world, systems, signal }: Options, id: string): Promise<string | undefined> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PLAN_PATIENCE_MS)]);
  const look = async () =>
    answersOn(systems)
      .find(({ ticket }) => ticket === id)
      ?.notes.find(isWhole)
      ?.split('\n')[0];
  return world.until(look, patience).catch((error) => {
    if (patience.aborted) return undefined;
    throw error;
  });
}
