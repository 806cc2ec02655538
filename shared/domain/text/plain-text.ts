import type { TicketText } from './ticket-text.ts';

/** Escapes foreign text of one line for its destination. */
export type EscapeText = (text: string) => string;

/** Renders a ticket text as lines. `escapeText` is applied to every text and not to links. */
export function toLines(text: TicketText, escapeText: EscapeText): string[] {
  return text.flatMap((block, index) => [
    ...(index > 0 && block.kind === 'heading' ? [''] : []),
    ...blockLines(block, escapeText),
  ]);
}

function blockLines(block: TicketText[number], escapeText: EscapeText): string[] {
  switch (block.kind) {
    case 'heading':
    case 'line':
      return [escapeText(block.text)];
    case 'points':
      return block.points.map((point) => `- ${escapeText(point)}`);
    case 'changes':
      return block.rows.map(
        ({ name, before, after }) => `- ${escapeText(`${name}: ${value(before)} → ${value(after)}`)}`,
      );
    case 'link':
      return [`${escapeText(block.label)}: ${block.url}`];
  }
}

const value = (text: string | null) => (text === null ? 'none' : `"${text}"`);
