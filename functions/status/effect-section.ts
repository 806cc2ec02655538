import type { Effect, FieldDifference, GroupSummary, Reach } from '../../shared/domain/outcome.ts';
import { foreign, type Html, html } from './html.ts';

/** More than this is folded away. */
const SHOWN = 12;

type Seen = { effect: Effect; reach?: Reach | undefined; overtaken?: readonly FieldDifference[] | undefined };

/** What the change did to its group: fields before and after, applications that joined and left, what is not known. */
export function effectSection({ effect, reach, overtaken = [] }: Seen): Html {
  return html`<section><h2>What changed</h2>
${fieldTable(effect)}
${applicationList('Added applications', effect.added)}
${applicationList('Removed applications', effect.removed)}
${overtakenList(overtaken)}
<dl><dt>Segment group</dt><dd><code>${effect.groupId}</code></dd>
${reach === undefined ? undefined : html`<dt>Policy rules</dt><dd>${reachText(reach)}</dd>`}</dl></section>`;
}

function reachText(reach: Reach): Html {
  return reach.status === 'checked' ? foreign(reach.summary) : html`not checked: ${foreign(reach.reason)}`;
}

/** What somebody else had changed by the time the group was read back. */
function overtakenList(overtaken: readonly FieldDifference[]): Html | undefined {
  if (overtaken.length === 0) return undefined;
  const items = overtaken.map(
    ({ field, expected, found }) =>
      html`<li>${foreign(field)}: ${foreign(expected)} was written, ${foreign(found)} was found</li>`,
  );
  return html`<h3>Changed by somebody else right afterwards</h3><ul>${items}</ul>`;
}

const FIELDS: [string, (group: GroupSummary) => string][] = [
  ['Name', (group) => group.name],
  ['Description', (group) => group.description],
  ['Enabled', (group) => (group.enabled ? 'yes' : 'no')],
  ['Applications', (group) => String(group.applicationCount)],
];

function fieldTable({ before, after }: Effect): Html {
  const rows = FIELDS.map(([name, read]) => {
    const [was, is] = [cell(before, read), cell(after, read)];
    const changed = was === is ? '' : 'changed';
    return html`<tr><th scope="row">${name}</th><td>${foreign(was)}</td><td class="${changed}">${foreign(is)}</td></tr>\n`;
  });
  return html`<table><thead><tr><th scope="col">Field</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}

/** A group that was not there, or is no more, has a dash; an empty text says so. */
function cell(group: GroupSummary | null, read: (group: GroupSummary) => string): string {
  if (group === null) return '–';
  const text = read(group);
  return text === '' ? '(empty)' : text;
}

function applicationList(title: string, ids: readonly string[]): Html | undefined {
  if (ids.length === 0) return undefined;
  const items = html`<ul>${ids.map((id) => html`<li><code>${id}</code></li>`)}</ul>`;
  if (ids.length <= SHOWN) return html`<h3>${title}</h3>${items}`;
  return html`<details><summary>${title}: ${ids.length}</summary>${items}</details>`;
}
