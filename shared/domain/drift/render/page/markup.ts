import { type Html, html, untrusted } from '../../../html/html.ts';
import { formatCount } from '../../../text/sentence.ts';
import { formatInstant, type Words } from '../words.ts';

const MAX_NAME = 300;
/** A longer list is folded. */
const MAX_UNFOLDED = 10;
/** Rows of one list; the JSON report has all. */
const MAX_ROWS = 500;
const MAX_TABLE_CHARACTERS = 300_000;

/** Foreign text, cut to `limit` UTF-16 units. */
export function foreign(text: string, limit = MAX_NAME): Html {
  if (text.trim() === '') return html`<i class="quiet">(empty)</i>`;
  return untrusted(text.length > limit ? `${text.slice(0, limit - 1).replace(/\p{Cs}$/u, '')}…` : text);
}

/** Words as markup. */
export function markup(words: Words): Html {
  return html`${words.map(partMarkup)}`;
}

function partMarkup(part: Words[number]): Html {
  if (typeof part === 'string') return html`${part}`;
  return 'at' in part ? html`<time datetime="${part.at}">${formatInstant(part.at)}</time>` : foreign(part.foreign);
}

/** A row of a list, which the filter may hide. */
export type Row = readonly Html[];

/**
 * The first of a list whose markup fits into `room` characters. Hostile text becomes much longer when it is made visible, so
 * that a number of rows would bound nothing. `left`: the room for what follows, none if the list did not fit.
 */
export function fitting<T>(
  list: readonly T[],
  toMarkup: (one: T) => Html,
  room: number,
): { shown: Html[]; left: number } {
  const shown: Html[] = [];
  let rest = room;
  for (const one of list) {
    const item = toMarkup(one);
    if (item.html.length > rest) break;
    rest -= item.html.length;
    shown.push(item);
  }
  return { shown, left: shown.length < list.length ? 0 : rest };
}

type Table<T> = { head: readonly string[]; list: readonly T[]; toRow: (one: T) => Row; count?: number };

/** A section with a table; it is left out if it has no rows, and says how many it does not show. */
export function tableSection<T>(
  { id, title, note }: { id: string; title: string; note?: Html },
  { head, list, toRow, count = list.length }: Table<T>,
): Html | undefined {
  if (count === 0) return undefined;
  const cell = (one: Html, index: number) => html`<td data-label="${head[index] ?? ''}"><div>${one}</div></td>`;
  const rowMarkup = (one: T) => html`<tr data-row>${toRow(one).map(cell)}</tr>\n`;
  const { shown } = fitting(list.slice(0, MAX_ROWS), rowMarkup, MAX_TABLE_CHARACTERS);
  const table = html`<table class="wide"><thead><tr>${head.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead>
<tbody>${shown}</tbody></table>
${leftOut(count - shown.length)}`;
  return html`<section id="${id}" data-rows><h2>${title} <span class="count">${count}</span></h2>${note}
${count > MAX_UNFOLDED ? html`<details class="list"><summary>Show them</summary>${table}</details>` : table}</section>`;
}

/** Counts the rows that a page does not show, so that nobody takes it for complete. */
export function leftOut(count: number, one = 'row'): Html | undefined {
  if (count <= 0) return undefined;
  return html`<p class="left-out">${formatCount(count, `more ${one}`)} ${count === 1 ? 'is' : 'are'} not on this page: the JSON report has all of them.</p>`;
}
