import { effectiveAction } from '../change/if-exists.ts';
import { type Html, html, untrusted } from '../html/html.ts';
import type { StatusView } from './view.ts';

/** `· 3 of 5 on this ticket` */
export const placeOnTicket = ({ set }: StatusView): Html | undefined =>
  set === undefined ? undefined : html` · ${set.index} of ${set.size} on this ticket`;

/** Only web addresses become links, because escaping alone would not stop another scheme. */
export function ticketLink({ ticket }: StatusView): Html {
  if (ticket.url === undefined || !/^https?:\/\//i.test(ticket.url)) return untrusted(ticket.id);
  return html`<a href="${ticket.url}" rel="noreferrer noopener">${untrusted(ticket.id)}</a>`;
}

const VERBS = { create: 'Create', update: 'Update', delete: 'Delete', accept: 'Accept' };

/** `Update segment group Remote Access`; a group requested by its id has its name if the outcome has it. */
export function requestLine({ requested, outcome }: StatusView): Html {
  const { group } = requested;
  const read = outcome?.effect?.before ?? outcome?.effect?.after;
  const name = 'name' in group ? group.name : read?.name;
  const named =
    name === undefined ? html`<code>${'id' in group ? group.id : ''}</code>` : html`<b>${untrusted(name)}</b>`;
  return html`${VERBS[effectiveAction(requested, outcome?.effect)]} segment group ${named}`;
}
