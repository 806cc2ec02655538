import { type Html, html, untrusted } from '../html/html.ts';
import { markedDifference } from '../html/marked-difference.ts';
import { knownNames } from '../outcome/known-names.ts';
import type { Effect, FieldDifference, GroupSummary } from '../outcome/outcome.ts';
import { idList } from './id-list.ts';
import { reachSection } from './reach-section.ts';
import type { StatusView } from './view.ts';

/** The effect of the change on its group: fields before and after, applications that joined and left, the reach. */
export function effectSection({ outcome, requested }: StatusView): Html | undefined {
  if (outcome?.effect === undefined) return undefined;
  const { effect, reach, overtaken = [] } = outcome;
  // An accept of a group that is gone has nothing to show.
  if (effect.before === null && effect.after === null) return undefined;
  const names = knownNames(requested, effect);
  return html`<section><h2>${titleOf(effect, outcome.kind)}</h2>
${fieldTable(effect, outcome.kind)}
${applicationList('Application segments added', effect.added, names)}
${applicationList('Application segments removed', effect.removed, names)}
${moveTable(effect)}
${overtakenTable(overtaken)}
${reach === undefined ? undefined : reachSection(reach)}</section>`;
}

/** Application segments that went from one group to another. */
function moveTable({ moves = [], ungroupedMs }: Effect): Html | undefined {
  if (moves.length === 0) return undefined;
  const end = ({ id, name }: { id: string; name: string }) =>
    html`${untrusted(name)} <code class="id">${untrusted(id)}</code>`;
  const rows = moves.map(
    ({ from, to, applicationIds }) =>
      html`<tr><td data-label="From"><div>${end(from)}</div></td><td data-label="To"><div>${end(to)}</div></td><td data-label="Application segments"><div>${idList(applicationIds)}</div></td></tr>\n`,
  );
  const seconds = ungroupedMs === undefined ? 0 : Math.ceil(ungroupedMs / 1000);
  const note = seconds === 0 ? undefined : html`<p class="quiet">In no group for ${seconds} s in between.</p>`;
  return html`<table class="wide moves"><caption>Moved between groups</caption>
<thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Application segments</th></tr></thead><tbody>${rows}</tbody></table>${note}`;
}

type Kind = NonNullable<StatusView['outcome']>['kind'];

function titleOf({ before, after }: Effect, kind: Kind): string {
  if (kind === 'unchanged') return 'What ZPA holds';
  if (before === null) return 'What was created';
  return after === null ? 'What was deleted' : 'What changed';
}

/** Foreign edits between our write and its read-back. */
function overtakenTable(overtaken: readonly FieldDifference[]): Html | undefined {
  if (overtaken.length === 0) return undefined;
  const rows = overtaken.map(
    ({ field, expected, found }) =>
      html`<tr><th scope="row">${untrusted(capital(field))}</th><td>${untrusted(expected)}</td><td>${untrusted(found)}</td></tr>\n`,
  );
  return html`<table class="fields"><caption>Edited by somebody else right afterwards, and left so</caption>
<thead><tr><th scope="col">Field</th><th scope="col">Written</th><th scope="col">Found</th></tr></thead><tbody>${rows}</tbody></table>`;
}

const FIELDS: [string, (group: GroupSummary) => string][] = [
  ['Name', (group) => group.name],
  ['Description', (group) => (group.description === '' ? '(empty)' : group.description)],
  ['Enabled', (group) => (group.enabled ? 'yes' : 'no')],
  ['Application segments', (group) => String(group.applicationCount)],
];

/** Before and after side by side; one column if there is only one of them, or both are the same. */
function fieldTable({ groupId, before, after }: Effect, kind: Kind): Html {
  const both = before !== null && after !== null && kind !== 'unchanged';
  const rows = FIELDS.map(([name, read]) => {
    const [was, is] = [before && read(before), after && read(after)];
    const cells = both ? beforeAndAfter(was ?? '', is ?? '') : html`<td>${untrusted(is ?? was ?? '')}</td>`;
    return html`<tr><th scope="row">${name}</th>${cells}</tr>\n`;
  });
  const head = html`<thead><tr><th scope="col">Field</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>`;
  return html`<table class="${both ? 'fields' : ''}">${both ? head : undefined}
<tbody>${rows}<tr><th scope="row">Group id</th><td colspan="${both ? 2 : 1}"><code>${untrusted(groupId)}</code></td></tr></tbody></table>`;
}

function beforeAndAfter(was: string, is: string): Html {
  if (was === is) return html`<td class="same">${untrusted(was)}</td><td class="same">${untrusted(is)}</td>`;
  const marked = markedDifference(was, is);
  return html`<td>${marked.was}</td><td class="changed">${marked.is}</td>`;
}

function applicationList(title: string, ids: readonly string[], names: ReadonlyMap<string, string>): Html | undefined {
  if (ids.length === 0) return undefined;
  const count = ids.length === 1 ? undefined : html` <span class="quiet">${countOf(ids)}</span>`;
  return html`<h3>${title}${count}</h3>${idList(ids, names)}`;
}

/** A shortened list ends in `(388 more)`. */
function countOf(ids: readonly string[]): number {
  const more = /^\((\d+) more\)$/.exec(ids.at(-1) ?? '')?.[1];
  return more === undefined ? ids.length : ids.length - 1 + Number(more);
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
