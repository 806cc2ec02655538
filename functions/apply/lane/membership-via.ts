import type { TenantConfiguration } from '../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import type { ApplyPorts } from './ports.ts';

/** The version of ZPA's API by which the tenant's memberships are written, as the configuration says. */
export function membershipVia({ configuration }: ApplyPorts, tenant: string): TenantConfiguration['membership'] {
  return lookup(configuration.tenants, tenant)?.membership ?? 'v2';
}
