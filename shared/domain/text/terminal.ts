import { toLines } from './plain-text.ts';
import type { TicketText } from './ticket-text.ts';
import { visible } from './visible-text.ts';

/** Renders a ticket text for a terminal, a mail or a chat, with control and bidi characters made visible. */
export function toTerminal(text: TicketText): string {
  return toLines(text, (line) => visible(line, MAX_LINE_LENGTH)).join('\n');
}

const MAX_LINE_LENGTH = 2000;
