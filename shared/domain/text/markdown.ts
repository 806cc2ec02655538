import { type Table, toLines } from './plain-text.ts';
import type { TicketText } from './ticket-text.ts';
import { codeSpan } from './visible-text.ts';

/**
 * Renders a ticket text as Markdown without links, images, mentions or HTML. Every text is a code span, because GitHub
 * detects mentions and addresses after rendering, where a backslash has gone (GFM, "Autolinks (extension)"), but not
 * inside code. A link becomes such a span too.
 */
export function toMarkdown(text: TicketText): string {
  return toLines(withoutLinks(text), (line) => codeSpan(line, MAX_LINE_LENGTH), tableLines)
    .map(toParagraph)
    .join('\n');
}

const MAX_LINE_LENGTH = 2000;

/** Two spaces at the end preserve the line break; list items and rows of tables have their own. */
const toParagraph = (line: string) => (line === '' || /^(?:- |\|)/.test(line) ? line : `${line}  `);

/** A table (GFM, "Tables (extension)"), set off by empty lines, because the lines beside it would belong to it. */
function tableLines({ columns, rows }: Table): string[] {
  const row = (cells: readonly string[]) => `| ${cells.map(cellSpan).join(' | ')} |`;
  return ['', row(columns), `|${'---|'.repeat(columns.length)}`, ...rows.map(row), ''];
}

/** A pipe would end the cell even inside code, and readers of Markdown differ about a backslash before it. */
const cellSpan = (text: string) => codeSpan(text.replaceAll('|', '¦'), MAX_LINE_LENGTH);

function withoutLinks(text: TicketText): TicketText {
  return text.map((block) => (block.kind === 'link' ? { kind: 'line', text: `${block.label}: ${block.url}` } : block));
}
