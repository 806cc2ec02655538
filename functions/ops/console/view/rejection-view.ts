import { foreign, type Html, html } from '../../../../shared/domain/html/html.ts';
import type { DetailCell } from '../../../../shared/domain/outcome/detail-values.ts';
import type { Rejection } from '../../../../shared/domain/outcome/outcome.ts';
import { type DetailTable, detailTables } from '../../../../shared/domain/outcome/rejection-details.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';

/** Rows of a table that are shown before the others are folded away. */
const SHOWN = 20;

/** Why a change was rejected, what to do, and the details by which a person can correct it. */
export function rejectionView({ code, sentence, remedy, path, zpaError, details }: Rejection): Html {
  const zpa = zpaError && [zpaError.status, zpaError.zpaId ?? zpaError.code, zpaError.reason].filter(Boolean).join(' ');
  return html`<p><span class="badge bad">rejected</span> <code>${code}</code>${path !== undefined && html` at <code>${foreign(path)}</code>`}</p>
<p>${foreign(asSentence(sentence), 1000)}</p>
<p class="remedy"><b>What to do:</b> ${foreign(asSentence(remedy), 1000)}</p>
${zpa !== undefined && html`<p class="zpa"><b>ZPA error:</b> ${foreign(zpa, 1000)}</p>`}
${detailTables({ code, details }).map(detailTable)}`;
}

function detailTable(table: DetailTable): Html {
  const { caption, rows, note } = table;
  const rest = rows.slice(SHOWN);
  return html`${caption !== '' && rows.length > 0 && html`<h3>${caption}</h3>`}${rows.length > 0 && rowsOf(table, rows.slice(0, SHOWN))}
${rest.length > 0 && html`<details><summary>${rest.length} more</summary>${rowsOf(table, rest)}</details>`}
${note !== undefined && html`<p class="hint">${foreign(note, 1000)}</p>`}`;
}

function rowsOf({ columns }: DetailTable, rows: readonly DetailCell[][]): Html {
  const heads = columns.map((title) => html`<th scope="col">${title}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>${row.map((cell, index) => html`<td data-label="${columns[index] ?? ''}">${cellText(cell)}</td>`)}</tr>`,
  );
  return html`<table class="list">${columns.length > 0 && html`<thead><tr>${heads}</tr></thead>`}<tbody>${body}</tbody></table>`;
}

const cellText = ({ text, id }: DetailCell) =>
  html`${foreign(text, 500)}${id !== undefined && html` <code>${foreign(id)}</code>`}`;
