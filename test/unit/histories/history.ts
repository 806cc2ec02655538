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

/**
 * A history before it is played: what is asked and when, who edits in the console, what goes wrong. Plain data, so that
 * a failure shrinks to the few events that matter. Instants are milliseconds since the beginning.
 */
export type History = {
  /** For latencies, ids and jitter. */
  seed: number;
  groups: number;
  homes: number[];
  /** Index of a group that a policy rule names. */
  ruled: number;
  /** v2 PUT answers success and leaves memberships alone. */
  deaf: boolean;
  /** More than one: redelivery while another worker is at it, as no FIFO queue would do. */
  workers: number;
  /** Invocations outlive their time: a worker that stood still goes on when another has long taken over. */
  undying: boolean;
  changes: { gapMs: number; asked: Asked }[];
  /** Deliveries sent again: of the n-th change, and with another payload under the same key if `altered`. */
  repeats: { atMs: number; which: number; altered: boolean }[];
  redrives: { atMs: number; which: number; acceptStale: boolean }[];
  edits: { atMs: number; edit: Edit }[];
  /** Calls to ZPA that go wrong: the n-th of its kind. */
  faults: { on: 'read' | 'write'; nth: number; kind: FaultKind; lateMs: number }[];
  outages: { atMs: number; forMs: number; code: 'sign-in-refused' | 'unreachable' }[];
  /** Calls of any port that go wrong, each so many calls after the one before. */
  mishaps: { gap: number; kind: MishapKind }[];
};

/** The body of a change without key, tenant and version. */
export type Asked = Record<string, unknown>;

export type Edit =
  | { do: 'name' | 'description'; group: number; text: string }
  | { do: 'enable' | 'disable' | 'delete'; group: number }
  | { do: 'join' | 'leave'; group: number; application: string }
  | { do: 'create'; text: string };

export const FAULT_KINDS = [
  'limited',
  'timeout',
  'done-timeout',
  'late',
  'error',
  'done-error',
  'gateway',
  'lost',
  'done-lost',
  'refused',
  'odd',
  'busy',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The process ends before, during or after a call; stands still for long; or the call fails without or with effect. */
export const MISHAP_KINDS = ['end-before', 'end-during', 'end-after', 'stall', 'fail', 'fail-after'] as const;
export type MishapKind = (typeof MISHAP_KINDS)[number];

/** The first groups are there more often than the last. */
const [FIRST, SECOND, THIRD] = [GROUP_IDS.slice(0, 2), GROUP_IDS.slice(0, 3), GROUP_IDS];
const [NAMES_2, NAMES_3] = [GROUP_NAMES.slice(0, 2), GROUP_NAMES.slice(0, 3)];
const name = fc.constantFrom(...NAMES_2, ...NAMES_2, ...NAMES_3, ...GROUP_NAMES, ...NEW_NAMES);
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
  { weight: 2, arbitrary: fc.record({ action: fc.constant('delete'), group }) },
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

const place = fc.integer({ min: 0, max: 7 });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ do: fc.constant('name' as const), group: place, text: name }),
  fc.record({ do: fc.constant('description' as const), group: place, text: fc.constantFrom('', 'north', 'by hand') }),
  fc.record({ do: fc.constantFrom('enable', 'disable', 'delete' as const), group: place }),
  fc.record({
    do: fc.constantFrom('join', 'leave' as const),
    group: place,
    application: fc.constantFrom(...APPLICATION_IDS),
  }),
  fc.record({
    do: fc.constantFrom('join', 'leave' as const),
    group: place,
    application: fc.constantFrom(...APPLICATION_IDS),
  }),
  fc.record({ do: fc.constant('create' as const), text: name }),
);

/** Mostly in the first minute, where the work is. */
const instant = fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 400_000 }));
const gap = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 50 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 5000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 120_000 }) },
);
const seldom = (odds: number) => fc.integer({ min: 0, max: odds - 1 }).map((n) => n === odds - 1);
const list = <T>(one: fc.Arbitrary<T>, maxLength: number) => fc.array(one, { maxLength, size: 'max' });

const historiesOf = (asked: fc.Arbitrary<Asked>): fc.Arbitrary<History> =>
  fc.record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    groups: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 3, max: 6 })),
    homes: fc.array(fc.integer({ min: 0, max: 9 }), {
      minLength: APPLICATION_IDS.length,
      maxLength: APPLICATION_IDS.length,
    }),
    ruled: fc.integer({ min: 0, max: 8 }),
    deaf: seldom(8),
    workers: fc.constantFrom(1, 2),
    undying: seldom(3),
    changes: fc
      .oneof({ weight: 3, arbitrary: fc.constant(12) }, { weight: 1, arbitrary: fc.constant(40) })
      .chain((maxLength) => fc.array(fc.record({ gapMs: gap, asked }), { minLength: 1, maxLength, size: 'max' })),
    repeats: list(fc.record({ atMs: instant, which: fc.nat(39), altered: seldom(3) }), 3),
    redrives: list(fc.record({ atMs: instant, which: fc.nat(9), acceptStale: fc.boolean() }), 2),
    edits: fc.oneof(list(fc.record({ atMs: instant, edit }), 0), list(fc.record({ atMs: instant, edit }), 8)),
    faults: list(
      fc.record({
        on: fc.constantFrom('read', 'write', 'write' as const),
        nth: fc.oneof(fc.nat(6), fc.nat(60)),
        kind: fc.constantFrom(...FAULT_KINDS),
        lateMs: fc.integer({ min: 0, max: 79_000 }),
      }),
      6,
    ),
    outages: list(
      fc.record({
        atMs: instant,
        forMs: fc.integer({ min: 1000, max: 900_000 }),
        code: fc.constantFrom('sign-in-refused', 'unreachable' as const),
      }),
      1,
    ),
    mishaps: list(fc.record({ gap: fc.oneof(fc.nat(25), fc.nat(200)), kind: fc.constantFrom(...MISHAP_KINDS) }), 6),
  });

export const histories = historiesOf(fc.oneof(...single, ...moves));
export const historiesWithoutMoves = historiesOf(fc.oneof(...single));
