import { escapeHtml } from '../../../shared/domain/text/escape-html.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';

/** One ticket as people see it. */
export type ShownTicket = {
  id: string;
  title: string;
  state: string;
  /** HTML of ours; everything foreign in it is escaped. */
  entries: { by: string; at: number; html: string }[];
};

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 52rem; padding: 1rem; }
article { border: 1px solid #888; border-radius: .5rem; margin: 1rem 0; padding: .5rem 1rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; } h3 { font-size: 1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
table { border-collapse: collapse; } td, th { border: 1px solid #aaa; padding: .1rem .5rem; text-align: left; }
.entry { border-left: .25rem solid #2a6; margin: .5rem 0; padding-left: .75rem; overflow-wrap: anywhere; }
:is(td, th) > p { margin: 0; }`;

const shown = (text: string) => escapeHtml(visible(text, 1000));

/** The page of a ticket system of the local world: every ticket with its state and comments. */
export function ticketPage(system: string, tickets: readonly ShownTicket[]): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${shown(system)}</title>
<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="3"><style>${STYLE}</style>
<h1>${shown(system)}</h1>${tickets.map(article).join('\n')}</html>`;
}

function article({ id, title, state, entries }: ShownTicket): string {
  const comments = entries.map(
    ({ by, at, html }) =>
      `<div class="entry"><small>${shown(by)}, ${new Date(at).toISOString().slice(0, 19)}Z</small>${html}</div>`,
  );
  return `<article id="${shown(id)}"><h2>${[id, title]
    .filter((text) => text !== '')
    .map(shown)
    .join(': ')}</h2><p>State: <b>${shown(state)}</b></p>${comments.join('')}</article>`;
}

/** Lines of a journal; control characters other than the line's end are spelled out. */
export function journalHtml(text: string): string {
  return `<pre>${text.split('\n').map(shown).join('\n')}</pre>`;
}

/** A journal as ServiceNow shows it: lines, and between `[code]` and `[/code]` HTML, of which only tables pass. */
export function codedJournalHtml(text: string): string {
  return text
    .split(/(\[code\].*?\[\/code\])/s)
    .map((part) => (part.startsWith('[code]') ? tableHtml(part.slice(6, -7)) : journalHtml(part)))
    .join('');
}

const tableHtml = (html: string) =>
  html.replace(/<(\/?)(\w*)[^>]*(?:>|$)/g, (_, end: string, tag: string) =>
    TABLE_TAGS.has(tag) ? `<${end}${tag}>` : '',
  );
const TABLE_TAGS: ReadonlySet<string> = new Set(['table', 'tr', 'th', 'td']);
