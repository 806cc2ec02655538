import fc from 'fast-check';
import type { RequestedChange } from './requested-changes.ts';
import { ALL_GROUP_IDS, ALL_GROUP_NAMES, APPLICATION_IDS } from './small-tenant.ts';

/** Changes that are mostly independent, each of one group, by id or by name: many may be worked at once. */
export type Waiting = { nth: number; byName: boolean; what: Action };
type Action =
  | { do: 'set'; set: Record<string, unknown> }
  | { do: 'create'; name: string; application: string | undefined }
  | { do: 'add' | 'remove'; application: string };

const application = fc.constantFrom(...APPLICATION_IDS);
const what: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      set: fc.oneof(
        fc.record({ description: fc.constantFrom('north', 'south', 'east', 'west') }),
        fc.record({ enabled: fc.boolean() }),
        fc.record({ name: fc.integer({ min: 1, max: 40 }).map((n) => `Glade ${n}`) }),
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('add', 'remove' as const), application }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      name: fc.integer({ min: 1, max: 40 }).map((n) => `Glade ${n}`),
      application: fc.option(application, { nil: undefined, freq: 2 }),
    }),
  },
);
export const waiting: fc.Arbitrary<Waiting> = fc.record({ nth: fc.nat(40), byName: fc.boolean(), what });

/** As a change of a tenant with so many groups; what leaves a group leaves the one it is in at first. */
export function askedOf(
  { nth, byName, what: one }: Waiting,
  groups: number,
  homes: readonly number[],
): RequestedChange {
  if (one.do === 'create') {
    const applications = one.application === undefined ? [] : [{ id: one.application }];
    return { action: 'create', group: { name: one.name }, enabled: true, applications };
  }
  const home = one.do === 'remove' ? homes[APPLICATION_IDS.indexOf(one.application)] : undefined;
  const index = home !== undefined && home < groups ? home : nth % groups;
  const group = byName ? { name: ALL_GROUP_NAMES[index] } : { id: ALL_GROUP_IDS[index] };
  if (one.do === 'set') return { action: 'update', group, set: one.set };
  return { action: 'update', group, applications: { [one.do]: [{ id: one.application }] }, leaveUngrouped: true };
}
