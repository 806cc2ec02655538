import { shown } from '../desk/ticket-page.ts';

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

/** A comment's document as Jira shows it. */
export function documentHtml(node: unknown): string {
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
