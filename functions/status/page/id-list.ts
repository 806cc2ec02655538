import { foreign, type Html, html } from './html.ts';

/** More than this is folded away. */
const SHOWN = 24;

/** Ids in columns, with their names where they are known; the first ones, and the rest folded away. */
export function idList(ids: readonly string[], names: ReadonlyMap<string, string> = new Map()): Html {
  const list = (some: readonly string[]) => html`<ul class="ids">${some.map((id) => item(id, names.get(id)))}</ul>`;
  if (ids.length <= SHOWN) return list(ids);
  const rest = ids.slice(SHOWN);
  return html`${list(ids.slice(0, SHOWN))}<details><summary>${rest.length} more</summary>${list(rest)}</details>`;
}

function item(id: string, name: string | undefined): Html {
  if (name === undefined) return html`<li><code>${foreign(id)}</code></li>`;
  return html`<li>${foreign(name)} <code class="id">${foreign(id)}</code></li>`;
}
