import { type Html, html, untrusted } from '../html/html.ts';
import type { DetailCell } from '../outcome/detail-values.ts';
import { type DetailTable, detailTables } from '../outcome/rejection-details.ts';
import { idList } from './id-list.ts';
import type { OutcomeView } from './view.ts';

/** More rows than this are folded away. */
const SHOWN = 12;

/** The details of a rejection, each kind as a table with a caption. */
export function detailsSection({ code, details, zpaError }: OutcomeView): Html | undefined {
  if (code === undefined) return undefined;
  const tables = detailTables({ code, details, zpaError });
  if (tables.length === 0) return undefined;
  return html`<section><h2>Details</h2>${tables.map(detailTable)}</section>`;
}

function detailTable(table: DetailTable): Html {
  const note = table.note === undefined ? undefined : html`<p class="quiet">${table.note}</p>`;
  const { caption, rows } = table;
  if (rows.length === 0) return html`${note}`;
  if (rows.every((row) => row.length === 1 && row[0]?.id === undefined)) {
    const ids = rows.flatMap((row) => row.map(({ text }) => text));
    return html`<h3>${caption}</h3>${idList(ids)}${note}`;
  }
  const shown = wholeTable(table, rows.slice(0, SHOWN));
  if (rows.length <= SHOWN) return html`${shown}${note}`;
  const rest = wholeTable({ ...table, caption: '' }, rows.slice(SHOWN));
  return html`${shown}<details><summary>${rows.length - SHOWN} more</summary>${rest}</details>${note}`;
}

function wholeTable({ caption, columns, rowHeads, codes }: DetailTable, rows: DetailCell[][]): Html {
  const named = caption === '' ? undefined : html`<caption>${caption}</caption>`;
  const heads = columns.map((title) => html`<th scope="col">${title}</th>`);
  const head = columns.length === 0 ? undefined : html`<thead><tr>${heads}</tr></thead>`;
  const body = rows.map((row) => {
    const cells = row.map((cell, index) => {
      if (cell.text === '') return html`<td></td>`;
      const content = codes.includes(index) ? html`<code>${untrusted(cell.text)}</code>` : cellContent(cell);
      return index === 0 && rowHeads
        ? html`<th scope="row">${content}</th>`
        : html`<td${label(columns[index])}><div>${content}</div></td>`;
    });
    return html`<tr>${cells}</tr>\n`;
  });
  return html`<table class="${columns.length > 2 ? 'wide' : ''}">${named}${head}
<tbody>${body}</tbody></table>`;
}

/** A name with its id beneath. */
function cellContent({ text, id }: DetailCell): Html {
  return id === undefined ? untrusted(text) : html`${untrusted(text)} <code class="id">${untrusted(id)}</code>`;
}

/** On narrow screens, where a row becomes a block, each value says what it is. */
const label = (title: string | undefined): Html | undefined =>
  title === undefined ? undefined : html` data-label="${title}"`;
