import { toLines } from './plain-text.ts';
import type { TicketText } from './ticket-text.ts';
import { truncateText } from './truncate-text.ts';
import { visible } from './visible-text.ts';

/**
 * A journal entry (work notes, comments) of ServiceNow. It is text, except that `[code]…[/code]` is rendered as HTML
 * (ServiceNow, "Journal field type"), that `@[…]` mentions a user, and that addresses become links on display. In
 * foreign text the bracket before `code` becomes a round one, and a space breaks up the other two: a reader sees both.
 */
export function toServiceNowJournal(text: TicketText): string {
  return truncateText(toLines(text, journalText).join('\n'), MAX_BYTES);
}

/** Foreign text on one line of a journal. */
export function journalText(text: string): string {
  return visible(text, 2000)
    .replace(/\[(?=\s*\/?\s*code)/giu, '(')
    .replace(/@(?=\s*\[)/gu, '@ ')
    .replace(/:(?=\/\/)/gu, ': ')
    .replace(/\b(www|mailto|javascript)(?=[.:])/giu, '$1 ');
}

/** The activity stream shows longer ones badly; everything that is cut stands on the status page. */
const MAX_BYTES = 16 * 1024;
