import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import { wrapLine } from './wrap-line.ts';

const GAP = 2;
/** Minimum width of a column whose text is wrapped. */
const NARROWEST = 12;

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid']
    .concat(['mid', 'mid-mid', 'right', 'right-mid'])
    .map((name) => [name, '']),
);

type Dim = (text: string) => string;

/**
 * Formats columns without borders and leaves empty columns out. On a terminal (`width` is given) it wraps texts at words
 * if the table is too wide; if that is not enough, each row becomes a block of its own, so that keys and ids are never
 * broken. Cells must be free of control characters and may be coloured.
 */
export function formatTable(head: string[], rows: string[][], dim: Dim, width: number | undefined): string {
  const used = head.map((_, column) => rows.length === 0 || rows.some((row) => (row[column] ?? '') !== ''));
  const only = (row: string[]) => row.filter((_, column) => used[column]);
  const [shownHead, shownRows] = [only(head), rows.map(only)];
  const columns = shownHead.map((name, column) => [name, ...shownRows.map((row) => row[column] ?? '')]);
  const natural = columns.map((cells) => Math.max(...cells.map(lengthOf)));
  const gaps = GAP * (columns.length - 1);
  if (width === undefined || sum(natural) + gaps <= width) return formatColumns(shownHead, shownRows, dim, undefined);
  const least = columns.map((cells) => Math.max(...cells.flatMap((cell) => cell.split(' ')).map(lengthOf), 1));
  const narrow = least.map((word, column) => Math.min(natural[column] ?? word, Math.max(word, NARROWEST)));
  if (sum(narrow) + gaps > width) return formatBlocks(shownHead, shownRows, dim, width);
  return formatColumns(shownHead, shownRows, dim, shrinkWidths(natural, narrow, width - gaps));
}

/** Shrinks the widest column first until the columns fit. */
function shrinkWidths(natural: number[], narrow: number[], room: number): number[] {
  const widths = [...natural];
  while (sum(widths) > room) {
    const spare = widths.map((one, column) => (one > (narrow[column] ?? one) ? one : 0));
    const widest = spare.indexOf(Math.max(...spare));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function formatColumns(head: string[], rows: string[][], dim: Dim, widths: number[] | undefined): string {
  const table = new Table({
    head: head.map(dim),
    chars: { ...NO_BORDERS, middle: ' '.repeat(GAP) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    ...(widths === undefined ? {} : { colWidths: widths, wordWrap: true }),
  });
  for (const row of rows) table.push(row);
  const lines = table.toString().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Formats each row as a block: the first cell as its title, and below it the other cells with their column names. */
function formatBlocks(head: string[], rows: string[][], dim: Dim, width: number): string {
  const blocks = rows.map(([first = '', ...rest]) => {
    const named = rest.flatMap((cell, column) =>
      cell === '' ? [] : [`${dim(head[column + 1] ?? '')}${NO_BREAK_SPACE}${cell}`],
    );
    return `${first}\n${wrapLine(`  ${named.join(` ${dim('·')} `)}`, width).replaceAll(NO_BREAK_SPACE, ' ')}`;
  });
  return `${blocks.join('\n')}\n`;
}

/** A space at which lines are not broken. */
const NO_BREAK_SPACE = '\u00A0';

const lengthOf = (text: string) => stripVTControlCharacters(text).length;
const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
