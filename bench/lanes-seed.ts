import { localConfiguration } from '../local/world/configuration/local-configuration.ts';
import { LOCAL_SEED } from '../local/world/configuration/seed.ts';
import type { SeedInput } from '../local/zpa-simulator/tenant/seed.ts';
import { type Configuration, configurationSchema } from '../shared/domain/configuration/configuration.ts';

const GROUPS = 40;
export const SOURCE = 'ops';

export const customerId = (lane: number) => String(216196257331000000n + BigInt(lane));
export const tenantOf = (lane: number) => `tenant-${lane}`;
export const groupId = (lane: number, nth: number) => String(316196257330000000n + BigInt(lane * 1000 + nth));
const applicationId = (lane: number, nth: number) => String(416196257330000000n + BigInt(lane * 10_000 + nth));

/** Each lane is a customer with one tenant, forty groups and its applications in them. */
export function lanesSeed(lanes: number, applications: number): SeedInput {
  const numbers = (count: number) => Array.from({ length: count }, (_, nth) => nth);
  const customers = numbers(lanes).map((lane) => {
    const inGroup = (nth: number) => numbers(applications).filter((one) => one % GROUPS === nth);
    const groups = numbers(GROUPS).map((nth) => ({
      ...{ id: groupId(lane, nth), name: `Group ${nth}` },
      applications: inGroup(nth).map((one) => applicationId(lane, one)),
    }));
    const apps = numbers(applications).map((nth) => ({ id: applicationId(lane, nth), name: `Application ${nth}` }));
    return [customerId(lane), { groups, applications: apps }] as const;
  });
  const { credentials } = LOCAL_SEED;
  return { ...(credentials && { credentials }), customers: Object.fromEntries(customers) };
}

/** The source `ops` may update every group of every tenant. */
export function lanesConfiguration(lanes: number, endpoint: string): Configuration {
  const names = Array.from({ length: lanes }, (_, lane) => tenantOf(lane));
  const tenants = names.map((name, lane) => [name, { vanity: 'simulator', endpoint, customerId: customerId(lane) }]);
  const plain = localConfiguration(endpoint);
  const grants = [{ tenants: names, actions: ['update'], groups: ['*'], applications: ['*'] }];
  const sources = { [SOURCE]: { ...plain.sources[SOURCE], grants } };
  return configurationSchema.parse({ ...plain, tenants: Object.fromEntries(tenants), sources });
}
