import { foreign, type Html, html } from '../../shared/domain/html/html.ts';
import { formatCount } from '../../shared/domain/text/sentence.ts';
import type { GroupView, Snapshot, TenantView } from '../world/snapshot/snapshot.ts';

const APPLICATIONS_SHOWN = 12;

/** ZPA's present state: every segment group with its application segments and the rules that name it. */
export function viewTenants(snapshot: Snapshot): Html {
  return html`${snapshot.tenants.map(viewTenant)}`;
}

function viewTenant(tenant: TenantView): Html {
  const writes = formatCount(tenant.writes, 'write');
  return html`<section class="tenant">
<h3>${tenant.name} <small>${tenant.cloud} · customer ${tenant.customerId} · ${writes}</small></h3>
${tenant.groups.length === 0 && html`<p class="empty">No segment groups.</p>`}
<ul class="groups">${tenant.groups.map(viewGroup)}</ul>
</section>`;
}

function viewGroup(group: GroupView): Html {
  const hidden = group.applications.length - APPLICATIONS_SHOWN;
  return html`<li class="group" data-enabled="${group.enabled ? 'yes' : 'no'}">
<h4>${foreign(group.name)}</h4>
<p class="badges"><span class="badge ${group.enabled ? 'good' : ''}">${group.enabled ? 'enabled' : 'disabled'}</span>
${group.readOnly && html`<span class="badge">read-only</span>`}</p>
<p class="id">${group.id}</p>
${group.description !== '' && html`<p class="description">${foreign(group.description)}</p>`}
${group.applications.length === 0 && html`<p class="none">No application segments</p>`}
<ul class="applications">${group.applications.slice(0, APPLICATIONS_SHOWN).map((application) => html`<li title="${application.id}">${foreign(application.name, 100)}</li>`)}
${hidden > 0 && html`<li class="none">${hidden} more</li>`}</ul>
${group.rules.length > 0 && html`<p class="rules">Used by ${group.rules.length === 1 ? 'policy rule' : 'policy rules'} ${foreign(group.rules.join(', '))}</p>`}
</li>`;
}
