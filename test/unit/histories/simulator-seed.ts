import { CUSTOMER as LOCAL_CUSTOMER, LOCAL_SEED } from '../../../local/world/configuration/seed.ts';
import type { SeedInput } from '../../../local/zpa-simulator/tenant/seed.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { APPLICATION_IDS, applicationName, MANY_APPLICATION_IDS } from './small-tenant.ts';

/** The small tenant as a seed of the simulator, in the place of the local world's first customer. */
export function simulatorSeed(groups: readonly SegmentGroup[], ruled: string | undefined): SeedInput {
  const operands = [{ objectType: 'APP_GROUP', lhs: 'id', rhs: ruled }];
  const small = {
    applications: [...APPLICATION_IDS, ...MANY_APPLICATION_IDS].map((id) => ({ id, name: applicationName(id) })),
    groups: groups.map(({ id, name, description, enabled, applicationIds, readOnly }) => ({
      ...{ id, name, description, enabled, readOnly },
      applications: applicationIds,
    })),
    rules: [{ name: 'Staff', conditions: [{ operands }] }],
  };
  return { ...LOCAL_SEED, customers: { ...LOCAL_SEED.customers, [LOCAL_CUSTOMER]: small } };
}

type Stored = { id: string; name: string; description?: string | undefined; enabled?: boolean | undefined };

/** A stored group in the words of the core. `like`: where everything comes from that people do not see. */
export function toGroup(like: SegmentGroup, stored: Stored, applicationIds: string[]): SegmentGroup {
  const { id, name, description = '', enabled = false } = stored;
  return { ...like, id, name, description, enabled, applicationIds };
}
