import {
  type Configuration,
  type SourceConfiguration,
  secretNames,
  type TenantConfiguration,
} from './configuration.ts';
import type { TicketsConfiguration } from './tickets-schema.ts';

type Of<Kind extends string, Extra = object> = { kind: Kind; name: string } & Extra;

/** A secret that the settings need, by its name in the secret store. */
export type NeededSecret =
  | Of<'zpa', { tenant: string; right: 'read' | 'write'; auth: TenantConfiguration['auth'] }>
  | Of<'source', { source: string; configured: SourceConfiguration }>
  | Of<'tickets', { source: string; tickets: TicketsConfiguration }>
  | Of<'tickets-read', { source: string; tickets: Exclude<TicketsConfiguration, { kind: 'webhook' }> }>
  | Of<'catalog', { source: string }>
  | Of<'status'>;

/** Every secret that these settings need: by tenant, then by source, then the stack's own. */
export function neededSecrets({
  name,
  tenants,
  sources,
}: Pick<Configuration, 'name' | 'tenants' | 'sources'>): NeededSecret[] {
  return [
    ...Object.entries(tenants).flatMap(([tenant, { auth }]) => ofTenant(name, tenant, auth)),
    ...Object.entries(sources).flatMap(([source, configured]) => ofSource(name, source, configured)),
    { kind: 'status', name: secretNames.status(name) },
  ];
}

/** The two API clients of a tenant. */
function ofTenant(stack: string, tenant: string, auth: TenantConfiguration['auth']): NeededSecret[] {
  const rights = ['write', 'read'] as const;
  return rights.map((right) => ({ kind: 'zpa', name: secretNames.zpa(stack, tenant, right), tenant, right, auth }));
}

function ofSource(stack: string, source: string, configured: SourceConfiguration): NeededSecret[] {
  const { tickets, catalog } = configured;
  return [
    { kind: 'source', name: secretNames.source(stack, source), source, configured },
    ...(tickets === undefined
      ? []
      : [{ kind: 'tickets', name: secretNames.tickets(stack, source), source, tickets } as const]),
    ...(tickets === undefined || tickets.kind === 'webhook'
      ? []
      : [{ kind: 'tickets-read', name: secretNames.ticketsRead(stack, source), source, tickets } as const]),
    ...(catalog === true ? [{ kind: 'catalog', name: secretNames.catalog(stack, source), source } as const] : []),
  ];
}
