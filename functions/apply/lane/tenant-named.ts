import type { TenantConfiguration } from '../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import type { ApplyPorts } from './ports.ts';

/** Throws for a tenant that is not configured: admission has ended its changes. */
export function tenantNamed({ configuration }: Pick<ApplyPorts, 'configuration'>, name: string): TenantConfiguration {
  const tenant = lookup(configuration.tenants, name);
  if (tenant === undefined) throw new Error(`tenant ${name} is not configured`);
  return tenant;
}
