import { timeText } from '../../../shared/domain/html/html.ts';
import { escapeHtml } from '../../../shared/domain/text/escape-html.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import { DESK_SCRIPT } from './desk-script.ts';
import { DESK_STYLE } from './desk-style.ts';

/** Somebody who was asked to approve, or who did. `at`: epoch ms of the decision. */
export type ShownApproval = { by: string; state: string; at?: number | undefined };

/** Something a person can do with a ticket now; `as`: the person who does it. */
export type ShownAct = { act: string; label: string; as: string };

/** One ticket as people see it. */
export type ShownTicket = {
  id: string;
  title: string;
  state: string;
  requester?: string;
  fields?: (readonly [label: string, value: string])[];
  approvals?: ShownApproval[];
  acts?: ShownAct[];
  /** HTML of ours; everything foreign in it is escaped. */
  entries: { by: string; at: number; html: string }[];
};

/** The links in the head of a page. */
export type Links = (readonly [path: string, label: string])[];

export const shown = (text: string, limit = 1000) => escapeHtml(visible(text, limit));

/** A field or a journal may have several lines; control characters other than a line's end are spelled out. */
const shownLines = (text: string) =>
  text
    .split('\n')
    .map((line) => shown(line))
    .join('\n');

/** A page; `isLive`: it is read again by itself, which would take away what somebody is typing. */
export function pageOf(title: string, body: string, { links = [], isLive }: { links?: Links; isLive?: boolean }) {
  const anew = isLive ? '<noscript><meta http-equiv="refresh" content="3"></noscript>' : '';
  const script = isLive ? `<script>${DESK_SCRIPT}</script>` : '';
  const anchors = links.map(([path, label]) => `<a href="${path}">${shown(label)}</a>`).join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${shown(title)}</title>
<meta name="viewport" content="width=device-width">${anew}<style>${DESK_STYLE}</style>
<header><div><h1>${shown(title)}</h1>${anchors}</div></header><main>${body}</main>${script}</html>`;
}

/** The page of a ticket system of the local world: every ticket with its fields, approvals, state and comments. */
export function ticketPage(system: string, tickets: readonly ShownTicket[], links: Links = []): string {
  const none = '<p class="soft">There is no ticket yet.</p>';
  return pageOf(system, tickets.length === 0 ? none : tickets.map(article).join('\n'), { links, isLive: true });
}

function article(ticket: ShownTicket): string {
  const { id, title, state, requester, fields = [], approvals = [], acts = [], entries } = ticket;
  const heading = [id, title].filter((text) => text !== '').map((text) => shown(text));
  const rows = [...(requester === undefined ? [] : [['Requested by', requester] as const]), ...fields];
  return `<article id="${shown(id)}"><div class="head"><h2>${heading.join(': ')}</h2><span class="pill">${shown(state)}</span></div>
${rows.length === 0 ? '' : `<dl>${rows.map(row).join('')}</dl>`}${approvals.length === 0 ? '' : approvalTable(approvals)}${
  acts.length === 0 ? '' : actForm(id, acts)
}${entries.length === 0 ? '' : `<h3>Activity</h3>${entries.map(entryHtml).join('')}`}</article>`;
}

const row = ([label, value]: readonly [string, string]) =>
  `<div><dt>${shown(label)}</dt><dd>${shownLines(value)}</dd></div>`;

function approvalTable(approvals: readonly ShownApproval[]): string {
  const rows = approvals.map(
    ({ by, state, at }) =>
      `<tr><td>${shown(by)}</td><td>${shown(state)}</td><td>${at === undefined ? '' : time(at)}</td></tr>`,
  );
  return `<h3>Approvals</h3><div class="wide approvals"><table><tr><th>Approver</th><th>State</th><th>When</th></tr>${rows.join('')}</table></div>`;
}

function actForm(id: string, acts: readonly ShownAct[]): string {
  const buttons = acts.map(
    ({ act, label, as }, index) =>
      `<button name="act" value="${shown(act)}"${index === 0 ? ' class="first"' : ''}>${shown(label)} <small>as ${shown(as)}</small></button>`,
  );
  const edit = `<a class="button" href="/edit?id=${encodeURIComponent(id)}">Edit</a>`;
  return `<form method="post" action="/act" class="acts"><input type="hidden" name="id" value="${shown(id)}">${buttons.join('')}${edit}</form>`;
}

const entryHtml = ({ by, at, html }: ShownTicket['entries'][number]) =>
  `<div class="entry"><small>${shown(by)}, ${time(at)}</small><div class="wide">${html}</div></div>`;

/** A time with its zone; a line breaks only between date and hour. */
export function time(at: number): string {
  const instant = new Date(at).toISOString();
  const parts = /^(\S+) (.+)$/.exec(timeText(instant))?.slice(1) ?? [];
  return `<time datetime="${instant}">${parts.map((part) => `<span>${part}</span>`).join(' ')}</time>`;
}

/** Lines of a journal. */
export const journalHtml = (text: string): string => `<pre>${shownLines(text)}</pre>`;

/** Plain text whose tables are aligned by spaces, so that each letter needs the same width. */
export function plainHtml(text: string): string {
  // Rows that are aligned by spaces are not wrapped.
  const rows = (found: string) => `<span class="rows" role="region" aria-label="Table" tabindex="0">${found}</span>`;
  return `<pre class="aligned">${shownLines(text).replace(/(?:^.*\S {2,}\S.*(?:\n|$))+/gm, rows)}</pre>`;
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
