import { escapeHtml } from './escape-html.ts';
import { fitText } from './fit-text.ts';
import { type Table, toLines } from './plain-text.ts';
import type { TicketText } from './ticket-text.ts';
import { textBytes } from './truncate-text.ts';
import { visible } from './visible-text.ts';

/**
 * Renders a ticket text as a journal entry (work notes, comments) of ServiceNow, at most 16 KiB. A journal entry is
 * text, except that ServiceNow renders `[code]…[/code]` as HTML (ServiceNow, "Journal field type"), that `@[…]`
 * mentions a user, and that addresses become links on display. In foreign text the bracket before `code` therefore
 * becomes a round one, and a space separates the other two forms; both stay readable. A table is such HTML of ours, on one
 * line, because ServiceNow shows every line's end in it; its cells are escaped for the journal and then for HTML.
 */
export function toServiceNowJournal(text: TicketText): string {
  return asEntry(fitText(text, fitsInJournal));
}

/** True if a journal entry holds the whole text. */
export function fitsInJournal(text: TicketText): boolean {
  return textBytes(asEntry(text)) <= MAX_BYTES;
}

const asEntry = (text: TicketText) => toLines(text, journalText, (table) => [tableHtml(table)]).join('\n');

function tableHtml({ columns, rows }: Table): string {
  const row = (tag: 'th' | 'td') => (cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(journalText(cell))}</${tag}>`).join('')}</tr>`;
  return `[code]<table border="1">${row('th')(columns)}${rows.map(row('td')).join('')}</table>[/code]`;
}

/** Escapes foreign text for one line of a journal. */
export function journalText(text: string): string {
  return visible(text, 2000)
    .replace(/\[(?=\s*\/?\s*code)/giu, '(')
    .replace(/@(?=\s*\[)/gu, '@ ')
    .replace(/:(?=\/\/)/gu, ': ')
    .replace(/\b(www|mailto|javascript)(?=[.:])/giu, '$1 ');
}

/** Upper bound in bytes of our own, because ServiceNow documents none and its activity stream shows longer entries badly. */
const MAX_BYTES = 16 * 1024;
