import { type AcceptRequest, type ChangeRequest, membershipOf, type Reference } from '../change/change.ts';
import { mayUpdate } from '../change/if-exists.ts';
import { stateOf } from '../change/stated-members.ts';
import { type Html, html, time, untrusted } from '../html/html.ts';
import type { StatusView } from './view.ts';

const SHOWN = 12;
const IDS: Html = html` class="ids"`;

type Row = [name: string, value: Html];

/** The request, its requester and its approvers, as the ticket system names them. */
export function requestSection(view: StatusView): Html {
  const { ticket, requested } = view;
  const rows: Row[] = [
    ['Action', html`${requested.action} segment group ${reference(requested.group)}`],
    ...requestedRows(requested),
    ...(requested.microtenant === undefined ? [] : [['Microtenant', untrusted(requested.microtenant)] satisfies Row]),
    ...(ticket.requestedBy === undefined ? [] : [['Requested by', untrusted(ticket.requestedBy)] satisfies Row]),
    ...ticket.approvals.map(
      ({ by, at, ref }): Row => [
        'Approved by',
        html`${untrusted(by)} <span class="quiet">${time(new Date(at).toISOString())} · ${untrusted(ref)}</span>`,
      ],
    ),
    ['Key', html`<code>${untrusted(view.idempotencyKey)}</code>`],
    ...(view.plan === undefined ? [] : [['Plan', html`<code>${view.plan.slice(0, 12)}</code>`] satisfies Row]),
  ];
  const list = rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`);
  return html`<section><h2>What was asked</h2><dl class="asked">${list}</dl></section>`;
}

function requestedRows(change: ChangeRequest): Row[] {
  if (change.action === 'delete') {
    const { moveApplicationsTo: to } = change;
    return to === undefined ? [] : [['Move application segments to', reference(to)]];
  }
  if (change.action === 'create') {
    const existing: Row[] = mayUpdate(change) ? [['If it exists', html`It is updated`]] : [];
    return [...fields(change), ...applications('Application segments', change.applications), ...existing];
  }
  if (change.action === 'accept') return acceptedRows(change);
  const membership = membershipOf(change);
  return [
    ...fields(change.set ?? {}),
    ...applications('Add application segments', membership?.add ?? []),
    ...applications('Remove application segments', membership?.remove ?? []),
    ...(change.takeFromOtherGroups
      ? [['From other groups', html`They may be taken from their groups`] satisfies Row]
      : []),
    ...(change.moveTo === undefined ? [] : [['What leaves goes to', reference(change.moveTo)] satisfies Row]),
    ...(change.leaveUngrouped ? [['Without a group', html`They may stay without a group`] satisfies Row] : []),
    ...(membership?.replace === undefined ? [] : applications('All application segments', membership.replace, true)),
  ];
}

function acceptedRows(change: AcceptRequest): Row[] {
  const state = stateOf(change);
  if (state === undefined) return [['Accepted as', html`No longer in ZPA`]];
  const { has = [], hasNot = [], exactly } = state.applications ?? {};
  return [
    ...fields(state, 'Name'),
    ...applications('Application segments in it', has),
    ...applications('Application segments not in it', hasNot),
    ...(exactly === undefined ? [] : applications('All application segments', exactly, true)),
  ];
}

type Fields = { name?: string | undefined; description?: string | undefined; enabled?: boolean | undefined };

function fields({ name, description, enabled }: Fields, nameTitle = 'New name'): Row[] {
  const rows: Row[] = [];
  if (name !== undefined) rows.push([nameTitle, untrusted(name)]);
  if (description !== undefined) rows.push(['Description', untrusted(description === '' ? '(empty)' : description)]);
  if (enabled !== undefined) rows.push(['Enabled', html`${enabled ? 'yes' : 'no'}`]);
  return rows;
}

function applications(title: string, references: readonly Reference[], evenIfNone = false): Row[] {
  if (references.length === 0) return evenIfNone ? [[title, html`none`]] : [];
  const list = (some: readonly Reference[]) =>
    html`<ul${some.every((one) => 'id' in one) ? IDS : undefined}>${some.map((one) => html`<li>${reference(one)}</li>`)}</ul>`;
  const rest = references.slice(SHOWN);
  if (rest.length === 0) return [[title, list(references)]];
  const more = html`<details><summary>${rest.length} more</summary>${list(rest)}</details>`;
  return [[title, html`${list(references.slice(0, SHOWN))}${more}`]];
}

const reference = (one: Reference) => ('id' in one ? html`<code>${one.id}</code>` : untrusted(one.name));
