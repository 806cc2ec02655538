import type { WorldOptions } from '../../local/world/functions/world-options.ts';
import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import { simulatorSeed } from '../unit/histories/simulator-seed.ts';
import { firstGroups, GROUP_IDS } from '../unit/histories/small-tenant.ts';

/** The world that is killed: one small tenant in which changes meet all the time, three senders, times cut short. */

export const SENDERS = ['north', 'south', 'west'];
export const TENANT = 'acme-prod';
export const RULED_GROUP = GROUP_IDS[5];

/** The initial group of each application. */
const HOMES = [0, 0, 1, 2, 3, 9, 9, 9];
export const FIRST_GROUPS = firstGroups(GROUP_IDS.length, HOMES);

const seed = simulatorSeed(FIRST_GROUPS, RULED_GROUP);

function withSenders(configuration: Configuration): Configuration {
  const { ops } = configuration.sources;
  if (ops === undefined) throw new Error('the local configuration has a source for the CLI');
  const flags = ['leaveUngrouped', 'takeFromOtherGroups', 'moveApplicationsTo'] as const;
  const grants = ops.grants.map((grant) => ({ ...grant, flags: [...flags], changesPerHour: 100_000 }));
  const sources = Object.fromEntries(SENDERS.map((name) => [name, { ...ops, grants }]));
  return { ...configuration, sources };
}

export const chaosWorld = (dataDir: string): WorldOptions => ({
  dataDir,
  timeFactor: 60,
  simulator: { limits: 'off', seed },
  configure: withSenders,
});
