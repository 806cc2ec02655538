import type { WorldOptions } from '../local/world/functions/world-options.ts';
import type { SeedInput } from '../local/zpa-simulator/tenant/seed.ts';

/** ZPA's limits and latency out of the way, the product's own budget at the most that a configuration allows; no worker. */
export function fastWorld(seed: SeedInput): WorldOptions {
  return {
    timeFactor: 10,
    schedules: false,
    worker: false,
    simulator: { limits: 'off', seed },
    configure: (configuration) => ({
      ...configuration,
      tenants: Object.fromEntries(
        Object.entries(configuration.tenants).map(([name, tenant]) => [
          name,
          { ...tenant, budget: { reads: 1000, writes: 1000 } },
        ]),
      ),
    }),
  };
}
