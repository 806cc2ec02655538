import type { ChangeRequest } from '../change/change.ts';
import { type ChangeFault, changeFault } from '../change/change-fault.ts';
import type { Configuration, SourceConfiguration } from './configuration.ts';

/**
 * Faults of the names that the configuration must know: the tenant, and its microtenant, which is required where the
 * tenant has several. The remedy lists only tenants that the source has grants for, so that it discloses no others.
 */
export function configurationFaults(
  configuration: Configuration,
  source: SourceConfiguration,
  change: ChangeRequest,
): ChangeFault[] {
  const granted = new Set(source.grants.flatMap((grant) => grant.tenants));
  const tenant = lookup(configuration.tenants, change.tenant);
  if (tenant === undefined) {
    const remedy =
      granted.size === 0 ? 'Ask the owner of the settings for a grant.' : `Use one of: ${[...granted].join(', ')}.`;
    const path = ['tenant'];
    return [changeFault('invalid-change', { path, value: change.tenant, says: 'is not a configured tenant', remedy })];
  }
  return granted.has(change.tenant) ? microtenantFaults(Object.keys(tenant.microtenants), change) : [];
}

function microtenantFaults(names: readonly string[], change: ChangeRequest): ChangeFault[] {
  const { microtenant, tenant } = change;
  if (microtenant === undefined ? names.length < 2 : names.includes(microtenant)) return [];
  const says =
    microtenant === undefined
      ? `is missing; tenant "${tenant}" has several, so a change must name one`
      : `is not a microtenant of tenant "${tenant}"`;
  const remedy = names.length === 0 ? 'Leave it out: this tenant has none.' : `Use one of: ${names.join(', ')}.`;
  return [changeFault('invalid-change', { path: ['microtenant'], value: microtenant, says, remedy })];
}

/** The record's own entry under this name. Inherited properties such as `constructor` are not entries. */
export function lookup<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
