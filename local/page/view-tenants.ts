import { foreign, type Html, html } from '../../shared/domain/html/html.ts';
import { formatCount } from '../../shared/domain/text/sentence.ts';
import type { GroupView, Snapshot, TenantView } from '../world/snapshot/snapshot.ts';

const APPLICATIONS_SHOWN = 12;

/** ZPA's present state: every segment group with its application segments and the rules that name it. */
export const viewTenants = (snapshot: Snapshot): Html => html`${snapshot.tenants.map(viewTenant)}`;

function viewTenant({ name, cloud, customerId, writes, groups }: TenantView): Html {
  return html`<section class="panel" data-key="tenant-${name}"><header><h2>${name} in the simulated ZPA</h2>
<p class="hint">${cloud}, customer ${customerId}, ${formatCount(writes, 'write')}</p></header>
${
  groups.length === 0
    ? html`<p class="empty">No segment groups.</p>`
    : html`<table class="list"><thead><tr><th scope="col">Segment group</th><th scope="col">State</th><th scope="col">Application segments</th><th scope="col">Policy rules</th></tr></thead>
<tbody>${groups.map(viewGroup)}</tbody></table>`
}</section>`;
}

function viewGroup({ id, name, description, enabled, readOnly, applications, rules }: GroupView): Html {
  const hidden = applications.length - APPLICATIONS_SHOWN;
  const shown = applications
    .slice(0, APPLICATIONS_SHOWN)
    .map((one) => html`<li title="${one.id}">${foreign(one.name, 100)}</li>`);
  return html`<tr data-key="group-${id}"><td><b>${foreign(name)}</b><br><small>${foreign(description)}</small></td>
<td><span class="badge ${enabled && 'good'}">${enabled ? 'enabled' : 'disabled'}</span>${readOnly && html` <span class="badge">read-only</span>`}</td>
<td data-label="Application segments">${shown.length > 0 && html`<ul class="codes">${shown}${hidden > 0 && html`<li>${hidden} more</li>`}</ul>`}</td>
<td data-label="Policy rules">${rules.length > 0 && foreign(rules.join(', '))}</td></tr>`;
}
