import { formatCount } from '../../text/sentence.ts';

/** A part of a Markdown report: a title, the head of a table, and rows, of which some may be left out. */
export type Section = { title: string; head: readonly string[]; rows: readonly string[] };

/**
 * Joins a head and sections to a text of at most `maxLength` UTF-16 units. Rows of earlier sections have precedence; the
 * number of those left out is said where they would stand, and sections that do not even fit as a title are counted at the
 * end.
 */
export function fitSections(head: string, sections: readonly Section[], maxLength: number): string {
  const filled = sections.filter(({ rows }) => rows.length > 0);
  const fitting = titlesThatFit(head, filled, maxLength);
  const titles = filled.slice(0, fitting);
  const left = filled.slice(fitting).reduce((sum, { rows }) => sum + rows.length, 0);
  const end = left === 0 ? [] : [leftOut(left)];
  let room = maxLength - lengthOf([head, ...titles.map(shortest), ...end]);
  const parts = titles.map((section) => {
    const part = longest(section, room);
    room -= part.length - shortest(section).length;
    return part;
  });
  return `${[head, ...parts, ...end].join('\n\n')}\n`.slice(0, maxLength);
}

/** The number of sections of which title and number of rows fit, with the sentence about the rest. */
function titlesThatFit(head: string, sections: readonly Section[], maxLength: number): number {
  for (let count = sections.length; count > 0; count -= 1) {
    const end = count === sections.length ? [] : [leftOut(Number.MAX_SAFE_INTEGER)];
    if (lengthOf([head, ...sections.slice(0, count).map(shortest), ...end]) <= maxLength) return count;
  }
  return 0;
}

const lengthOf = (parts: readonly string[]) => parts.join('\n\n').length + 1;

/** The section with as many rows as leave it at most `room` longer than its shortest form. */
function longest(section: Section, room: number): string {
  const max = shortest(section).length + room;
  let [low, high] = [0, section.rows.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (withRows(section, middle).length <= max) low = middle;
    else high = middle - 1;
  }
  return withRows(section, low);
}

const shortest = (section: Section) => withRows(section, 0);

function withRows({ title, head, rows }: Section, count: number): string {
  const left = rows.length - count;
  const table = count === 0 ? [] : ['', ...head, ...rows.slice(0, count)];
  const more = left === 0 ? [] : ['', count === 0 ? leftOut(left) : leftOut(left, 'more row')];
  return [`${title} (${rows.length})`, ...table, ...more].join('\n');
}

const leftOut = (count: number, one = 'row') => `… ${formatCount(count, one)} in the JSON report only`;
