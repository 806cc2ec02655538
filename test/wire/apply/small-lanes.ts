import { localConfiguration } from '../../../local/world/configuration/local-configuration.ts';
import type { SeedInput } from '../../../local/zpa-simulator/tenant/seed.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';

/**
 * Several customers with the same content, so that each row of a table has a lane of its own in one world. Each has
 * three groups, eight applications and an API client.
 */
export type SmallLane = {
  tenant: string;
  customerId: string;
  credential: { clientId: string; clientSecret: string };
  /** This group holds two applications. */
  alpha: string;
  /** This group holds one application. */
  beta: string;
  /** This group holds no application. */
  empty: string;
  /** The first three are in a group, the other five in none. */
  applications: string[];
};

const MEMBERS = { alpha: [0, 1], beta: [2], empty: [] };
const FREE = 100;

export function smallLanes(count: number): SmallLane[] {
  return Array.from({ length: count }, (_, index) => {
    const id = (place: number) => String(216_196_257_331_400_000n + BigInt(index * FREE + place));
    return {
      tenant: `tenant-${index + 1}`,
      customerId: id(0),
      credential: { clientId: `client-${index + 1}`, clientSecret: `cs-not-to-be-shown-${index + 1}` },
      ...{ alpha: id(1), beta: id(2), empty: id(3) },
      applications: Array.from({ length: 8 }, (_app, place) => id(10 + place)),
    };
  });
}

export function seedOf(lanes: readonly SmallLane[]): SeedInput {
  const seedFor = ({ applications, ...lane }: SmallLane) => ({
    applications: applications.map((id, place) => ({ id, name: `App ${place + 1}` })),
    groups: (['alpha', 'beta', 'empty'] as const).map((name) => ({
      id: lane[name],
      name: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      applications: MEMBERS[name].map((place) => applications[place] ?? ''),
    })),
  });
  return {
    credentials: lanes.map(({ credential, customerId }) => ({ ...credential, customers: [customerId] })),
    customers: Object.fromEntries(lanes.map((lane) => [lane.customerId, seedFor(lane)])),
  };
}

/** The source `ops` is granted every action on every lane. */
export function configurationOf(lanes: readonly SmallLane[], simulatorUrl: string): Configuration {
  const plain = localConfiguration(simulatorUrl);
  const { 'acme-prod': pattern } = plain.tenants;
  if (pattern === undefined) throw new Error('the local configuration has acme-prod');
  const tenants = Object.fromEntries(
    lanes.map(({ tenant, customerId }) => [tenant, { ...pattern, customerId, reach: 'guarded' as const }]),
  );
  const grant = {
    tenants: Object.keys(tenants),
    actions: ['create', 'update', 'delete'] as ('create' | 'update' | 'delete')[],
    groups: ['*'],
    applications: ['*'],
    flags: ['leaveUngrouped', 'takeFromOtherGroups', 'moveApplicationsTo'] as (
      | 'leaveUngrouped'
      | 'takeFromOtherGroups'
      | 'moveApplicationsTo'
    )[],
    changesPerHour: 1000,
  };
  const { ops } = plain.sources;
  if (ops === undefined) throw new Error('the local configuration has ops');
  return { ...plain, tenants, sources: { ops: { ...ops, grants: [grant] } } };
}

/** Each call returns the next lane, so that every row of a table has a lane of its own. */
export function lanesInTurn(lanes: readonly SmallLane[]): () => SmallLane {
  const left = lanes.values();
  return () => {
    const lane = left.next().value;
    if (lane === undefined) throw new Error('the world has no lane left');
    return lane;
  };
}

/** The simplest change: its key is the group's new description, so the order of effects can be read off. */
export const describing = (key: string, id: string) => ({
  ...{ idempotencyKey: key, action: 'update', group: { id }, set: { description: key } },
});
