import type { LocalTicketSystems } from './open.ts';
import { stateLabel } from './servicenow/servicenow-tables.ts';

/** A ticket as it stands: its state, and its comments, oldest first. */
export type TicketAnswer = { ticket: string; state: string; notes: string[] };

/** Every ticket of both systems, and those that the receiver of webhooks was notified of. */
export function answersOn({ servicenow, jira, receiver }: LocalTicketSystems): TicketAnswer[] {
  return [
    ...servicenow.store.tickets().map((row) => ({
      ticket: row.number ?? '',
      state: stateLabel(row),
      notes: servicenow.notes(row.number ?? ''),
    })),
    ...jira.store.all().map(({ key, fields }) => ({ ticket: key, state: fields.status.name, notes: jira.notes(key) })),
    ...receiver
      .notified()
      .map(({ id, state, messages }) => ({ ticket: id, state, notes: messages.map(({ text }) => text) })),
  ];
}
