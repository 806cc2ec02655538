import type { TicketText } from './ticket-text.ts';

/** How one line's foreign text is spelled where it is going. */
export type EscapeText = (text: string) => string;

/** What is said on a ticket as lines of text; `spell` escapes every text, links stand for themselves. */
export function toLines(text: TicketText, spell: EscapeText): string[] {
  return text.flatMap((block, index) => [
    ...(index > 0 && block.kind === 'heading' ? [''] : []),
    ...blockLines(block, spell),
  ]);
}

function blockLines(block: TicketText[number], spell: EscapeText): string[] {
  switch (block.kind) {
    case 'heading':
    case 'line':
      return [spell(block.text)];
    case 'points':
      return block.points.map((point) => `- ${spell(point)}`);
    case 'changes':
      return block.rows.map(({ name, before, after }) => `- ${spell(`${name}: ${value(before)} → ${value(after)}`)}`);
    case 'link':
      return [`${spell(block.label)}: ${block.url}`];
  }
}

const value = (text: string | null) => (text === null ? 'none' : `"${text}"`);
