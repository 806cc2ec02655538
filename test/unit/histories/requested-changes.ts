import fc from 'fast-check';
import {
  ABSENT_APPLICATION,
  ABSENT_GROUP,
  APPLICATION_IDS,
  applicationName,
  GROUP_IDS,
  GROUP_NAMES,
  NEW_NAMES,
} from './small-tenant.ts';

/** The body of a change without key, tenant and version. */
export type RequestedChange = Record<string, unknown>;

/** The first groups are there more often than the last. */
const [FIRST, SECOND, THIRD] = [GROUP_IDS.slice(0, 2), GROUP_IDS.slice(0, 3), GROUP_IDS];
const [NAMES_2, NAMES_3] = [GROUP_NAMES.slice(0, 2), GROUP_NAMES.slice(0, 3)];
const name = fc.constantFrom(...NAMES_2, ...NAMES_2, ...NAMES_2, ...NAMES_3, ...NAMES_3, ...GROUP_NAMES, ...NEW_NAMES);
const group = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...FIRST, ...FIRST, ...SECOND, ...THIRD).map((id) => ({ id })) },
  { weight: 5, arbitrary: name.map((one) => ({ name: one })) },
  { weight: 1, arbitrary: fc.constant({ id: ABSENT_GROUP }) },
);
const applicationId = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...APPLICATION_IDS) },
  { weight: 1, arbitrary: fc.constant(ABSENT_APPLICATION) },
);
const application = applicationId.chain((id) => fc.constantFrom<object>({ id }, { id }, { name: applicationName(id) }));
const applications = (maxLength: number) => fc.array(application, { maxLength });
const members = (minLength: number, maxLength: number) =>
  fc.uniqueArray(fc.constantFrom(...APPLICATION_IDS), { minLength, maxLength }).map((ids) => ids.map((id) => ({ id })));
const leaveUngrouped = fc.constantFrom(true, true, true, false);
const update = (rest: fc.Arbitrary<object>) =>
  fc.record({ action: fc.constant('update'), group, rest }).map(({ rest: more, ...all }) => ({ ...all, ...more }));

const single = [
  {
    weight: 3,
    arbitrary: fc.record({
      action: fc.constant('create'),
      group: fc.constantFrom(...NEW_NAMES, ...NEW_NAMES, ...GROUP_NAMES).map((one) => ({ name: one })),
      enabled: fc.boolean(),
      applications: applications(2),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .record(
        {
          action: fc.constant('create'),
          group: fc.constantFrom(...NEW_NAMES, ...GROUP_NAMES, ...GROUP_NAMES).map((one) => ({ name: one })),
          ifExists: fc.constant('update'),
          description: fc.constantFrom('', 'north', 'south'),
          enabled: fc.boolean(),
          applications: applications(2),
        },
        { requiredKeys: ['action', 'group', 'ifExists'] },
      )
      .map((one): RequestedChange => one),
  },
  { weight: 2, arbitrary: update(fc.record({ set: fc.record({ name }) })) },
  {
    weight: 3,
    arbitrary: update(
      fc.record({
        set: fc.oneof(
          fc.record({ enabled: fc.boolean() }),
          fc.record({ description: fc.constantFrom('', 'north', 'south') }),
        ),
      }),
    ),
  },
  {
    weight: 8,
    arbitrary: update(
      fc.record({
        applications: fc.oneof(
          { weight: 3, arbitrary: fc.record({ add: fc.array(application, { minLength: 1, maxLength: 2 }) }) },
          { weight: 2, arbitrary: fc.record({ remove: fc.array(application, { minLength: 1, maxLength: 2 }) }) },
          { weight: 1, arbitrary: fc.record({ add: applications(2), remove: applications(2) }) },
        ),
        leaveUngrouped,
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: update(
      fc.record({
        set: fc.record({ description: fc.constantFrom('', 'north', 'south') }),
        applications: fc.record({ add: applications(1), remove: applications(1) }),
        leaveUngrouped,
      }),
    ),
  },
  { weight: 2, arbitrary: fc.record({ action: fc.constant('delete'), group }) },
  {
    weight: 1,
    arbitrary: fc.record({
      action: fc.constant('accept'),
      group: fc.constantFrom(...FIRST, ...SECOND, ...THIRD, ABSENT_GROUP).map((id) => ({ id })),
      state: fc.oneof(
        fc.record({ enabled: fc.boolean() }),
        fc.record({ description: fc.constantFrom('', 'north') }),
        fc.record({ applications: fc.record({ has: members(1, 1) }) }),
        fc.record({ applications: fc.record({ hasNot: members(1, 2) }) }),
        fc.record({ applications: fc.record({ exactly: members(0, 1) }) }),
      ),
    }),
  },
];

/** Several writes under one intent. */
const moves = [
  {
    weight: 2,
    arbitrary: update(
      fc.record({
        applications: fc.record({ add: fc.array(application, { minLength: 1, maxLength: 2 }) }),
        takeFromOtherGroups: fc.constant(true),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: update(
      fc.record({
        applications: fc.record({ remove: fc.array(application, { minLength: 1, maxLength: 2 }) }),
        moveTo: group,
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ action: fc.constant('delete'), group, moveApplicationsTo: group }),
  },
  {
    weight: 1,
    arbitrary: update(
      fc.record({
        applications: fc.record({ replace: applications(3) }),
        leaveUngrouped,
        expect: fc.record({ enabled: fc.boolean() }),
      }),
    ),
  },
];

export const asked: fc.Arbitrary<RequestedChange> = fc.oneof(...single, ...moves);
