import { type Html, html, untrusted } from '../html/html.ts';

/** Ids above this number are collapsed. */
const SHOWN = 24;

/** Ids in columns, with their names where known; the rest after the first ones is collapsed. */
export function idList(ids: readonly string[], names: ReadonlyMap<string, string> = new Map()): Html {
  const list = (some: readonly string[]) => html`<ul class="ids">${some.map((id) => item(id, names.get(id)))}</ul>`;
  if (ids.length <= SHOWN) return list(ids);
  const rest = ids.slice(SHOWN);
  return html`${list(ids.slice(0, SHOWN))}<details><summary>${rest.length} more</summary>${list(rest)}</details>`;
}

function item(id: string, name: string | undefined): Html {
  if (name === undefined) return html`<li><code>${untrusted(id)}</code></li>`;
  return html`<li>${untrusted(name)} <code class="id">${untrusted(id)}</code></li>`;
}
