import { visible } from './visible-text.ts';

/**
 * Renders CSV as RFC 4180 defines it: every cell quoted, lines end with CRLF. An apostrophe stands before what a spreadsheet
 * would evaluate as a formula (OWASP, "CSV Injection": `=`, `+`, `-`, `@`, tab, carriage return; also their full-width forms
 * and leading spaces), also after a semicolon, which ends a cell where the comma is the decimal sign. Hidden characters are
 * made visible, so that a row is one line.
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

/** Renders one quoted cell. */
function csvCell(text: string): string {
  const harmless = visible(text, MAX_CELL_LENGTH).replace(BEFORE_FORMULA, "$1'");
  return `"${harmless.replaceAll('"', '""')}"`;
}

/**
 * Upper bound of a cell, below the 32,767 characters that a spreadsheet stores (Microsoft, "Excel specifications and
 * limits").
 */
const MAX_CELL_LENGTH = 32_000;
const BEFORE_FORMULA = /(^|;)(?=\s*[=+\-@|%＝＋－＠])/gu;
