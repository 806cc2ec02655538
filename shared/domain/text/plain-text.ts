import type { TicketBlock, TicketText } from './ticket-text.ts';

/** Escapes foreign text of one line for its destination. */
export type EscapeText = (text: string) => string;
export type Table = Extract<TicketBlock, { kind: 'table' }>;

/**
 * Renders a ticket text as lines. `escapeText` is applied to every text and not to links. `tableLines`: the lines of a table
 * whose cells are not escaped yet.
 */
export function toLines(
  text: TicketText,
  escapeText: EscapeText,
  tableLines: (table: Table) => string[] = (table) => alignedLines(table, escapeText),
): string[] {
  return text.flatMap((block, index) => [
    ...(index > 0 && block.kind === 'heading' ? [''] : []),
    ...(block.kind === 'table' ? tableLines(block) : blockLines(block, escapeText)),
  ]);
}

function blockLines(block: Exclude<TicketBlock, Table>, escapeText: EscapeText): string[] {
  switch (block.kind) {
    case 'heading':
    case 'line':
      return [escapeText(block.text)];
    case 'points':
      return block.points.map((point) => `- ${escapeText(point)}`);
    case 'link':
      return [`${escapeText(block.label)}: ${block.url}`];
  }
}

/** A wider cell pushes the next one to the right. */
const WIDEST = 40;

/** Columns side by side, as a font of fixed width shows them. */
function alignedLines({ columns, rows }: Table, escapeText: EscapeText): string[] {
  const cells = [columns, ...rows].map((row) => row.map(escapeText));
  const width = (column: number) => Math.min(WIDEST, Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const widths = columns.map((_, column) => width(column));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
