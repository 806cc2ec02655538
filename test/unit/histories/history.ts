import fc from 'fast-check';
import { askedOf, waiting } from './backlog.ts';
import { asked, type RequestedChange } from './requested-changes.ts';
import { ALL_GROUP_IDS, APPLICATION_IDS, GROUP_NAMES, NEW_NAMES } from './small-tenant.ts';
import { surroundings } from './surroundings.ts';

/**
 * A history before it is played: requested changes and their times, console edits, faults. Plain data, so that
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
  /** Such a tenant is set to v2 at first. */
  misset: boolean;
  /** More than one: redelivery while another worker is at it, as no FIFO queue would do. */
  workers: number;
  changes: { gapMs: number; asked: RequestedChange }[];
  /** Deliveries sent again: of the n-th change, and with another payload under the same key if `altered`. */
  repeats: { atMs: number; which: number; altered: boolean }[];
  /** Of one of the failures seen at `atMs`, some time later: another one may have been quicker. */
  redrives: { atMs: number; which: number; acceptStale: boolean; thinksMs: number }[];
  /** Changes that are to be cancelled. */
  cancels: { atMs: number; which: number }[];
  edits: { atMs: number; edit: Edit }[];
  /** Calls to ZPA that go wrong: the n-th of its kind. */
  faults: { on: 'read' | 'write'; nth: number; kind: FaultKind; lateMs: number }[];
  outages: { atMs: number; forMs: number; code: 'sign-in-refused' | 'unreachable' }[];
  /** Times in which replicas of ZPA answer some reads of a kind with an older state. */
  lags: { atMs: number; forMs: number; lagMs: number; of: ReadKind }[];
  /** Times in which nothing may be begun. */
  freezes: { atMs: number; forMs: number }[];
  configurations?: ConfigurationEdit[];
  /** Everything that failed until `atMs` is redriven, in the order of these numbers. */
  sprees?: { atMs: number; order: number[]; acceptStale: boolean }[];
  /** Changes of a second lane, whose messages share the batches. */
  neighbour?: { atMs: number; group: number }[];
  /** A call that fails for one object for ever. */
  lasting?: LastingFault;
  /** Calls of any port that go wrong, each so many calls after the one before. */
  mishaps: { gap: number; kind: MishapKind }[];
};

/** Kinds of reads of which each may lag by itself. */
export type ReadKind = 'group' | 'search' | 'list' | 'application';

/** One kind of call that fails for one object for ever, whoever makes it: `of` and `nth` name the object. */
export type LastingFault = { call: string; of: 'group' | 'application' | 'change'; nth: number; kind: FaultKind };

export type Edit =
  | { do: 'name' | 'description'; group: number; text: string }
  | { do: 'enable' | 'disable' | 'delete'; group: number }
  | { do: 'join' | 'leave'; group: number; application: string }
  | { do: 'create'; text: string };

/** An edit of the configuration that is put back after `forMs`. */
export type ConfigurationEdit = {
  atMs: number;
  forMs: number;
  kind:
    | 'tenant removed'
    | 'customer edited'
    | 'source removed'
    | 'grant narrowed'
    | 'guard added'
    | 'plan only'
    | 'paused';
};

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

const name = fc.constantFrom(...GROUP_NAMES, ...NEW_NAMES);
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

/** Changes of every kind, and sometimes a backlog of such that have little to do with each other. */
const changes = fc
  .oneof({ weight: 3, arbitrary: fc.constant(12) }, { weight: 1, arbitrary: fc.constant(40) })
  .chain((maxLength) =>
    fc.array(fc.record({ gapMs: gap, asked, around: surroundings }), { minLength: 1, maxLength, size: 'max' }),
  )
  .map((list) => () => list.map(({ gapMs, asked: one, around }) => ({ gapMs, asked: { ...one, ...around } })));
const backlog = fc
  .array(fc.record({ gapMs: fc.nat(50), one: waiting, around: surroundings }), {
    minLength: 1,
    maxLength: 40,
    size: 'max',
  })
  .map(
    (list) => (groups: number, homes: readonly number[]) =>
      list.map(({ gapMs, one, around }) => ({ gapMs, asked: { ...askedOf(one, groups, homes), ...around } })),
  );

const planned = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  groups: fc.oneof(
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 6 }) },
    { weight: 3, arbitrary: fc.integer({ min: 3, max: 6 }) },
    { weight: 1, arbitrary: fc.integer({ min: 7, max: ALL_GROUP_IDS.length }) },
  ),
  homes: fc.array(fc.integer({ min: 0, max: 9 }), {
    minLength: APPLICATION_IDS.length,
    maxLength: APPLICATION_IDS.length,
  }),
  ruled: fc.integer({ min: 0, max: 8 }),
  deaf: seldom(8),
  misset: fc.boolean(),
  workers: fc.constantFrom(1, 2),
  changes: fc.oneof({ weight: 3, arbitrary: changes }, { weight: 1, arbitrary: backlog }),
  repeats: list(fc.record({ atMs: instant, which: fc.nat(39), altered: seldom(3) }), 3),
  redrives: list(
    fc.record({ atMs: instant, which: fc.nat(9), acceptStale: fc.boolean(), thinksMs: fc.nat(60_000) }),
    3,
  ),
  cancels: list(fc.record({ atMs: instant, which: fc.nat(39) }), 2),
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
  lags: list(
    fc.record({
      atMs: instant,
      forMs: fc.integer({ min: 1000, max: 300_000 }),
      lagMs: fc.oneof(fc.integer({ min: 100, max: 5000 }), fc.integer({ min: 1000, max: 30_000 })),
      of: fc.constantFrom('group', 'group', 'search', 'list', 'application' as const),
    }),
    3,
  ),
  freezes: list(fc.record({ atMs: instant, forMs: fc.integer({ min: 1, max: 300_000 }) }), 1),
  mishaps: list(fc.record({ gap: fc.oneof(fc.nat(25), fc.nat(200)), kind: fc.constantFrom(...MISHAP_KINDS) }), 6),
});

export const histories: fc.Arbitrary<History> = planned.map((plan) => {
  return { ...plan, changes: plan.changes(plan.groups, plan.homes) };
});
