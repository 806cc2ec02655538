import { toLines } from './plain-text.ts';
import type { TicketText } from './ticket-text.ts';
import { visible } from './visible-text.ts';

/** What is said on a ticket for a terminal, a mail or a chat: control and bidi characters are spelled out. */
export function toTerminal(text: TicketText): string {
  return toLines(text, (line) => visible(line, LONGEST_LINE)).join('\n');
}

const LONGEST_LINE = 2000;
