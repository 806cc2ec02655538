import fc from 'fast-check';
import { type ChangeRequest, type Reference, referenceKey } from '../../../shared/domain/change/change.ts';
import { parseChange } from '../../../shared/domain/change/parse-change.ts';
import type { Transition } from '../../../shared/domain/decide/decision.ts';
import type { Application, SegmentGroup } from '../../../shared/domain/group/group.ts';
import {
  applicationReferences,
  destinationOf,
  type Found,
  type LiveView,
} from '../../../shared/domain/group/live-view.ts';
import { aGroup, aView, MISSING } from './sample-live.ts';

/** A small tenant: three groups, six application segments, each in one group or none. Some members have no known name. */
export const GROUPS = [
  { id: '1', name: 'Git one' },
  { id: '2', name: 'Git two' },
  { id: '3', name: 'Web' },
];
export const NAMES = new Map([
  ['11', 'Git a'],
  ['12', 'Git b'],
  ['13', 'Git c'],
  ['14', 'Web a'],
  ['15', 'Web b'],
  ['16', 'Ssh'],
]);
export type Tenant = { groups: SegmentGroup[]; namedIds: ReadonlySet<string> };

export const ids = [...NAMES.keys()];
export const tenants: fc.Arbitrary<Tenant> = fc
  .record({
    homes: fc.array(fc.constantFrom('1', '1', '2', '3', undefined), { minLength: 6, maxLength: 6 }),
    namedIds: fc.oneof({ weight: 3, arbitrary: fc.constant(ids) }, { weight: 1, arbitrary: fc.subarray(ids) }),
  })
  .map(({ homes, namedIds }) => ({
    namedIds: new Set(namedIds),
    groups: GROUPS.map(({ id, name }) =>
      aGroup(id, { name, applicationIds: ids.filter((_, index) => homes[index] === id) }),
    ),
  }));

const group = fc.constantFrom(...GROUPS).chain(({ id, name }) => fc.constantFrom({ id }, { name }));
const application = fc.constantFrom(...NAMES).chain(([id, name]) => fc.constantFrom({ id }, { name }));
const applications = fc.uniqueArray(application, { maxLength: 3, selector: ({ ...one }) => JSON.stringify(one) });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const membership = fc.oneof(
  fc.record({ replace: applications }),
  fc.record({ add: applications, remove: applications }),
);
const expectation = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.record({ members: fc.record({ has: applications, hasNot: applications }) }) },
);
const requests = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      action: fc.constant('update'),
      group,
      applications: membership,
      expect: expectation,
      set: maybe(fc.record({ name: fc.constantFrom('New', 'Git new') })),
      moveTo: maybe(group),
      takeFromOtherGroups: fc.boolean(),
      leaveUngrouped: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      action: fc.constant('delete'),
      group,
      moveApplicationsTo: maybe(group),
      expect: expectation,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      action: fc.constant('create'),
      group: fc.constantFrom({ name: 'New' }, { name: 'Git new' }),
      applications,
    }),
  },
);
export const changes: fc.Arbitrary<ChangeRequest> = requests
  .map((some) => {
    const stated = Object.entries(some).filter(([, value]) => value !== undefined);
    const common = { schemaVersion: 1, idempotencyKey: 'K', tenant: 'acme' };
    return parseChange({ ...common, ...Object.fromEntries(stated) });
  })
  .filter((parsed) => parsed.ok)
  .map(({ change }) => change);

const wanted =
  (reference: Reference) =>
  ({ id, name }: { id: string; name: string }) =>
    'id' in reference ? reference.id === id : reference.name === name;

export function viewOf({ groups, namedIds }: Tenant, change: ChangeRequest): LiveView {
  const groupOf = (reference: Reference): Found<SegmentGroup> => {
    const value = groups.find(wanted(reference));
    return value === undefined ? MISSING : { kind: 'found', value };
  };
  const homes = (id: string) => groups.find((one) => one.applicationIds.includes(id));
  const all = [...NAMES].map(([id, name]): Application => {
    const home = homes(id);
    return { id, name, enabled: true, microtenantId: '0', segmentGroupId: home?.id, segmentGroupName: home?.name };
  });
  const references = applicationReferences(change).map((reference): [string, Found<Application>] => {
    const value = all.find(wanted(reference));
    return [referenceKey(reference), value === undefined ? MISSING : { kind: 'found', value }];
  });
  const destination = destinationOf(change);
  return aView(groupOf(change.group), {
    applications: new Map(references),
    sources: new Map(groups.map((one) => [one.id, one])),
    destination: destination && groupOf(destination),
    memberNames: new Map([...NAMES].filter(([id]) => namedIds.has(id) && homes(id) !== undefined)),
  });
}

/** The group of each application segment after these writes, one after the other. */
export function homesAfter({ groups }: Tenant, transitions: readonly Transition[]): Map<string, string> {
  const after = new Map<string, SegmentGroup | null>(groups.map((one) => [one.id, one]));
  for (const turn of transitions) after.set((turn.before ?? turn.after)?.id ?? '', turn.after);
  return new Map([...after].flatMap(([id, one]) => (one?.applicationIds ?? []).map((member) => [member, id])));
}
