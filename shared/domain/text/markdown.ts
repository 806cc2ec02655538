import { toLines } from './plain-text.ts';
import type { TicketText } from './ticket-text.ts';
import { codeSpan } from './visible-text.ts';

/**
 * What is said on a ticket as Markdown without links, images, mentions or HTML: every text is a code span, because
 * GitHub looks for mentions and addresses in what was rendered, where a backslash has gone (GFM, "Autolinks
 * (extension)"), and in code it does not look. Our own address is in angle brackets.
 */
export function toMarkdown(text: TicketText): string {
  return toLines(withoutLinks(text), (line) => codeSpan(line, LONGEST_LINE))
    .map(asParagraph)
    .join('\n');
}

const LONGEST_LINE = 2000;

/** Two spaces at the end keep the line break; list items have their own. */
const asParagraph = (line: string) => (line === '' || line.startsWith('- ') ? line : `${line}  `);

function withoutLinks(text: TicketText): TicketText {
  return text.map((block) => (block.kind === 'link' ? { kind: 'line', text: `${block.label}: ${block.url}` } : block));
}
