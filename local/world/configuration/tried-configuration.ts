import { readFile } from 'node:fs/promises';
import {
  type Configuration,
  configurationSchema,
  type Settings,
} from '../../../shared/domain/configuration/configuration.ts';
import { parseSettings } from '../../../shared/settings/parse-settings.ts';
import { LOOPBACK, type TicketAddresses } from '../../ticket-systems/addresses.ts';

/** The settings in a file, or an error that names their faults. */
export async function readTriedSettings(file: string): Promise<Settings> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`${file} cannot be read.\nCorrect the path after --settings.`, { cause });
  });
  return parseSettings(text, file).settings;
}

/**
 * A user's own settings on this machine: sources as they are, but each tenant is a simulated one, each ticket
 * system the simulated one of its kind, and deliveries may come from here. The CLI's source `ops` is there in any case.
 */
export function asTried(tried: Settings, local: Configuration, addresses: TicketAddresses): Configuration {
  const simulated = Object.values(local.tenants);
  const tenants = Object.entries(tried.tenants).map(([name, tenant], index) => {
    const { customerId, endpoint, auth, vanity, cloud } = simulated[Math.min(index, simulated.length - 1)] ?? tenant;
    return [name, { ...tenant, customerId, endpoint, auth, vanity, cloud }];
  });
  const sources = Object.entries(tried.sources).map(([name, { allowedCidrs: _, tickets, ...source }]) => {
    if (tickets === undefined) return [name, source];
    const near = { url: addresses[tickets.kind], allowedPrivateCidrs: LOOPBACK };
    return [name, { ...source, tickets: { ...tickets, ...near } }];
  });
  const { ops } = local.sources;
  const cli = { ...ops, grants: ops?.grants.map((grant) => ({ ...grant, tenants: Object.keys(tried.tenants) })) };
  return configurationSchema.parse({
    name: local.name,
    tenants: Object.fromEntries(tenants),
    sources: { ops: cli, ...Object.fromEntries(sources) },
  });
}
