import { escapeHtml } from '../../../shared/domain/text/escape-html.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import { ticketPage } from '../http/page.ts';
import type { JiraStore } from './jira-store.ts';

const shown = (text: string) => escapeHtml(visible(text, 1000));

/** Every issue with its status and its comments, as people see them. */
export function pageOf(store: JiraStore): string {
  const tickets = store.all().map(({ key, fields, comments }) => ({
    id: key,
    title: fields.summary,
    state: fields.status.name,
    entries: comments.map(({ author, created, body }) => ({
      by: author.accountId,
      at: Date.parse(created),
      html: documentHtml(body),
    })),
  }));
  return ticketPage('Jira (simulated)', tickets);
}

/** The nodes that comments of ours are made of, as elements. */
const ELEMENTS: Record<string, string> = {
  paragraph: 'p',
  heading: 'h3',
  bulletList: 'ul',
  listItem: 'li',
  table: 'table',
  tableRow: 'tr',
  tableHeader: 'th',
  tableCell: 'td',
};

function documentHtml(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  const { type, text, content, marks } = node as { type?: string; text?: string; content?: unknown[]; marks?: Mark[] };
  if (text !== undefined) return markedHtml(text, marks ?? []);
  const inner = (content ?? []).map(documentHtml).join('');
  const element = ELEMENTS[type ?? ''];
  return element === undefined ? inner : `<${element}>${inner}</${element}>`;
}

type Mark = { type: string; attrs?: { href?: string } };

function markedHtml(text: string, marks: readonly Mark[]): string {
  const href = marks.find(({ type }) => type === 'link')?.attrs?.href;
  return href === undefined ? shown(text) : `<a href="${shown(href)}">${shown(text)}</a>`;
}
