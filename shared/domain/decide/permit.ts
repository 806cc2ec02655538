import type { ChangeRequest } from '../change/change.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { checkGrants } from '../configuration/grants.ts';
import { lookup } from '../configuration/lookup.ts';
import { reject } from '../outcome/reject.ts';
import type { Permit } from './decision.ts';

/** The grants of a source, as `decide` applies them to resolved names. A source that is not configured has none. */
export function permitFor(configuration: Configuration, source: string, change: ChangeRequest): Permit {
  const configured = lookup(configuration.sources, source);
  return (resolved) => {
    if (configured === undefined) return reject('not-permitted', `source "${source}" is not in the settings`);
    const permission = checkGrants(configured, change, resolved);
    if (permission.ok) return undefined;
    const { sentence, remedy, withheld } = permission;
    return reject('not-permitted', sentence, {
      remedy,
      ...(withheld !== undefined && { withheld: [withheld] }),
    });
  };
}

/**
 * The id of the microtenant that a change belongs to: the one it names, the tenant's only one, or the Default one ('0').
 * undefined if the tenant or the microtenant is not, or no longer, configured, or if the change names none of several.
 */
export function microtenantIdOf(configuration: Configuration, change: ChangeRequest): string | undefined {
  const tenant = lookup(configuration.tenants, change.tenant);
  if (tenant === undefined) return undefined;
  if (change.microtenant !== undefined) return lookup(tenant.microtenants, change.microtenant);
  const [only = '0', ...others] = Object.values(tenant.microtenants);
  return others.length === 0 ? only : undefined;
}
