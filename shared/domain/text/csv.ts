import { visible } from './visible-text.ts';

/**
 * CSV as RFC 4180 has it: every cell quoted, lines end with CRLF. A cell that a spreadsheet would take for a formula
 * begins with an apostrophe (OWASP, "CSV Injection": `=`, `+`, `-`, `@`, tab, carriage return; also their full-width
 * forms and leading spaces), and nothing unseen is in it, so that a row is a line.
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

/** One cell, quoted. */
function csvCell(text: string): string {
  const shown = visible(text, LONGEST_CELL);
  const harmless = FORMULA.test(shown) ? `'${shown}` : shown;
  return `"${harmless.replaceAll('"', '""')}"`;
}

/** What a spreadsheet keeps of a cell: 32,767 characters (Microsoft, "Excel specifications and limits"). */
const LONGEST_CELL = 32_000;
const FORMULA = /^\s*[=+\-@|%＝＋－＠]/u;
