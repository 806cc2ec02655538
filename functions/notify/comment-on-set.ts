import { type SourceConfiguration, secretNames } from '../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import type { TransitionsConfiguration } from '../../shared/domain/configuration/tickets-schema.ts';
import { statusHash, statusToken, statusUrl } from '../../shared/domain/http/status-token.ts';
import { hasEnded, missingMembers, type NextStep, type SetNote } from '../../shared/domain/notice/set-note.ts';
import { fillFields, setResultOf } from '../../shared/domain/notice/set-result.ts';
import { type SetLine, setSummary, setText } from '../../shared/domain/notice/set-text.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { rotatingKeys } from '../../shared/domain/source/rotating-secret.ts';
import type { TicketWriter, Transitioned } from '../../shared/ports/ticket-system.ts';
import { commentOn } from './comment-on.ts';
import type { NotifyPorts } from './ports.ts';

/** A change set that is due for its comment: the note, and the record of each of its members, in the same order. */
export type DueSet = {
  note: SetNote;
  records: readonly (ChangeRecord | undefined)[];
  step: Extract<NextStep, { kind: 'comment' }>;
};

/** The part of an answer that cannot be done, also not later; undefined: all of it was done. */
export type Shortcoming =
  | { code: 'no-ticket' | 'ticket-id' | 'ticket-ambiguous' | 'transition-refused' | 'incomplete'; reason: string }
  | undefined;

/**
 * Comments on the ticket with the outcomes of a change set, then moves the ticket to its next state, each once in effect:
 * the comment carries the round as its marker, and `onCommented` records it. Rejects as the ticket system does; a repeated
 * call is harmless then. An incomplete set is commented on and not moved, and neither is a ticket that was moved since.
 */
export async function commentOnSet(
  notify: NotifyPorts,
  { note, records, step }: DueSet,
  writer: TicketWriter,
  onCommented: () => Promise<void>,
): Promise<Shortcoming> {
  const marker = `zpa-changes/${step.round}`;
  const lines = await linesOf(notify, note, records);
  if (note.commented !== step.round) {
    const commented = await commentOn(writer, note.ticket, setText(lines, note.size), marker);
    if (typeof commented === 'object') return commented;
    await onCommented();
  }
  if (!step.complete)
    return { code: 'incomplete', reason: `${missingMembers(note)} of ${note.size} changes were not heard of` };
  if (wentOn(note, records)) return undefined;
  const transition = transitionFor(lookup(notify.configuration.sources, note.source), note);
  if (transition === undefined) return undefined;
  const fields = fillFields(transition.fields, setSummary(lines, note.size));
  return shortcomingOf(await writer.transition(note.ticket, transition.to, fields, marker), transition.to);
}

function shortcomingOf(moved: Transitioned, to: string): Shortcoming {
  return moved.result === 'done' ? undefined : { code: 'transition-refused', reason: `to ${to}: ${moved.reason}` };
}

/**
 * The ticket was withdrawn or approved anew, so it stays in the state it has, and the changes of the newer approval move it.
 * A change that an operator cancelled is moved like any change without effect.
 */
function wentOn(note: SetNote, records: DueSet['records']): boolean {
  const outcomes = records.map((record) => record?.outcome);
  return outcomes.some((one) => one?.kind === 'superseded' || (one?.kind === 'cancelled' && one.by === note.source));
}

/** The transition for the set's result, of the ticket's own table where a ServiceNow source has transitions per table. */
function transitionFor(source: SourceConfiguration | undefined, note: SetNote) {
  const tickets = source?.tickets;
  if (tickets === undefined) return undefined;
  return transitionsOf(tickets, note.ticket)[setResultOf(note.members)];
}

function transitionsOf(tickets: NonNullable<SourceConfiguration['tickets']>, ticket: string): TransitionsConfiguration {
  if (tickets.kind !== 'servicenow') return tickets.transitions;
  const letters = /^[A-Z]+/.exec(ticket)?.[0] ?? '';
  const own = Object.entries(tickets.tables).find(([prefix]) => prefix === letters)?.[1].transitions;
  return own ?? tickets.transitions;
}

/** The members of the set that the ledger still holds, each with a status link that is valid as long as a new one. */
async function linesOf(notify: NotifyPorts, note: SetNote, records: DueSet['records']): Promise<SetLine[]> {
  const [secret] = rotatingKeys(await notify.secrets.read(secretNames.status(notify.configuration.name)));
  const expiresAt = notify.clock.now() + notify.timing.statusKeptMs;
  const lines = note.members.flatMap((member, index) => {
    const record = records[index];
    if (record === undefined) return [];
    const token = statusToken(secret, record.ref);
    const link = { hash: statusHash(token), ref: record.ref, expiresAt };
    const outcome = hasEnded(record, member) ? record.outcome : undefined;
    const line = { index: member.index, change: record.change, outcome };
    return [{ link, line: { ...line, statusUrl: statusUrl(notify.publicUrl, token) } }];
  });
  await Promise.all(lines.map(({ link }) => notify.ledger.putStatusLink(link)));
  return lines.map(({ line }) => line);
}
