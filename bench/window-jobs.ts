import { CUSTOMER, LOCAL_SEED } from '../local/world/configuration/seed.ts';
import type { SeedInput } from '../local/zpa-simulator/tenant/seed.ts';
import type { Delivered } from './deliver-all.ts';

/** Changes of one kind, each on groups of its own. */
export type WindowJob = { name: string; changesOf: (nth: number) => object[] };

const NAMES = ['Ash', 'Beech'] as const;
const SEGMENTS = 5;
const groupId = (nth: number, which: 0 | 1) => String(216196257331400000n + BigInt(nth * 2 + which));
const applicationId = (nth: number, which: number) => String(216196257331500000n + BigInt(nth * 10 + which));

const ash = (nth: number) => ({ id: groupId(nth, 0) });
const beech = (nth: number) => ({ id: groupId(nth, 1) });
const segments = Array.from({ length: SEGMENTS }, (_, which) => which);

export const WINDOW_JOBS: readonly WindowJob[] = [
  {
    name: 'a field, by id',
    changesOf: (nth) => [{ action: 'update', group: ash(nth), set: { description: 'after' } }],
  },
  {
    name: 'a field, by name',
    changesOf: (nth) => [{ action: 'update', group: { name: `${NAMES[0]} ${nth}` }, set: { description: 'after' } }],
  },
  {
    name: `${SEGMENTS} removals in one write`,
    changesOf: (nth) =>
      segments.map((which) => ({
        action: 'update',
        group: ash(nth),
        applications: { remove: [{ id: applicationId(nth, which) }] },
        leaveUngrouped: true,
      })),
  },
  {
    name: 'a move',
    changesOf: (nth) => [
      {
        action: 'update',
        group: beech(nth),
        applications: { add: [{ id: applicationId(nth, 0) }] },
        takeFromOtherGroups: true,
      },
    ],
  },
  { name: 'a delete', changesOf: (nth) => [{ action: 'delete', group: beech(nth) }] },
  {
    name: 'a delete that moves',
    changesOf: (nth) => [{ action: 'delete', group: ash(nth), moveApplicationsTo: beech(nth) }],
  },
];

/** So many times the same, as a ticket system sends it. */
export const deliveredOf = ({ changesOf }: WindowJob, times: number): Delivered[] =>
  Array.from({ length: times }, (_, nth) => changesOf(nth))
    .flat()
    .map((change, index) => ({ schemaVersion: 1, tenant: 'acme-prod', idempotencyKey: `W-${index}@1`, ...change }));

/** For each time a group with applications and one without. */
export function windowSeed(times: number): SeedInput {
  const { credentials } = LOCAL_SEED;
  const each = Array.from({ length: times }, (_, nth) => nth);
  return {
    ...(credentials && { credentials }),
    customerId: CUSTOMER,
    groups: each.flatMap((nth) => [
      { ...ash(nth), name: `${NAMES[0]} ${nth}`, applications: segments.map((which) => applicationId(nth, which)) },
      { ...beech(nth), name: `${NAMES[1]} ${nth}` },
    ]),
    applications: each.flatMap((nth) =>
      segments.map((which) => ({ id: applicationId(nth, which), name: `Segment ${nth}-${which}` })),
    ),
    rules: [],
  };
}
