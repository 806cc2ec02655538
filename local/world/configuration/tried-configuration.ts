import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Configuration, configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { LOOPBACK, type TicketAddresses } from '../../ticket-systems/addresses.ts';

/** The configuration in a file, or an error that names its faults. */
export async function readTriedConfiguration(file: string): Promise<Configuration> {
  const parsed = configurationSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} is not a configuration:\n${z.prettifyError(parsed.error)}`);
}

/**
 * A user's own configuration on this machine: sources as they are, but each tenant is a simulated one, each ticket
 * system the simulated one of its kind, and deliveries may come from here. The CLI's source `ops` is there in any case.
 */
export function asTried(tried: Configuration, local: Configuration, addresses: TicketAddresses): Configuration {
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
    ...tried,
    tenants: Object.fromEntries(tenants),
    sources: { ops: cli, ...Object.fromEntries(sources) },
  });
}
