import type { SegmentGroup } from '../../shared/domain/group/group.ts';
import { refKey } from '../../shared/domain/lane/change-ref.ts';
import { setKey } from '../../shared/domain/ledger/change-set.ts';
import { messageFor } from '../../shared/domain/ledger/message.ts';
import { TIMING, type Timing } from '../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { newLane } from '../../shared/domain/records/lane-record.ts';
import type { Answer, Call } from './call.ts';
import type { FAULTS } from './errors.ts';
import { withMember } from './ledger-calls.ts';
import type { Program } from './program.ts';
import { messageOf } from './queue-calls.ts';
import { aGroup, LANE, START } from './tenant.ts';
import { generationKey, type Limits, NO_LIMITS, type World } from './world.ts';

/** A small world, what may happen in it, and how often. Everything that may happen is tried in every order. */
export type Scenario = {
  name: string;
  /** In the ledger at the start; `queued` ones have a message. */
  changes: readonly ChangeRecord[];
  groups?: readonly SegmentGroup[];
  /** The lane's progress before: its highest settled place. */
  through?: number;
  /** Beside the workers: each is started once, at any time. */
  starters?: readonly Starter[];
  /** Rejected changes whose failures an operator moved back to the queue. */
  movedBack?: readonly ChangeRecord[];
  workers?: number;
  /** True if a batch may also hold the first message alone. */
  singles?: boolean;
  limits?: Partial<Limits>;
  /** Calls that fail for ever: those of one object. */
  lasting?: Lasting;
  edits?: readonly Edit[];
  /** A process may wake up and go on after the platform should have ended it. */
  outlives?: boolean;
  mutation?: Mutation;
  /** In the suite only interleavings with so many deviations from the default are tried; all of them in the full scope. */
  deviations?: number;
};

/** `others`: keys of the changes that have nothing to do with the object, and end within `withinMs`. */
export type Lasting = {
  fails: (call: Call) => boolean;
  fault: keyof typeof FAULTS;
  /** A write takes effect all the same. */
  withEffect?: boolean;
  others: readonly string[];
  withinMs: number;
};

export type Edit = {
  label: string;
  groupId: string;
  change: (group: SegmentGroup) => Partial<SegmentGroup>;
  /** An application that joined by it, and whose removal no change requested. */
  stays?: string;
};

export type Starter = {
  name: string;
  program: Program;
  /** The states in which it may start; default: every one. */
  when?: (world: World) => boolean;
};

/** One condition of the protocol taken away, by bending what passes through its ports. */
export type Mutation = {
  name: string;
  /** The call that reaches the world in place of the worker's. */
  bend?: (call: Call, world: World) => Call;
  /** The answer that reaches the worker in place of the world's. */
  tint?: (call: Call, answer: Answer, world: World, who: string) => Answer;
  /** The times that the workers assume. */
  timing?: Partial<Timing>;
  /** Clocks of processes, ahead of the world's. */
  skewMs?: Readonly<Record<string, number>>;
  ignoresSendBefore?: boolean;
};

export function firstWorld(scenario: Scenario): World {
  const { changes, starters = [], groups = [aGroup()], through = 0 } = scenario;
  const empty = { now: START, messages: [] as World['messages'] };
  for (const record of changes.filter((one) => one.state === 'queued')) {
    const label = `${record.ref.idempotencyKey}/${record.generation}:accept`;
    empty.messages = [...empty.messages, messageOf(empty, label, messageFor(record, 'accept'))];
  }
  for (const { ref, generation, outcome } of scenario.movedBack ?? []) {
    const failure = { schemaVersion: 1, ref, generation, rejection: outcome };
    const label = `${ref.idempotencyKey}/${generation}:moved-back`;
    empty.messages = [...empty.messages, messageOf(empty, label, failure)];
  }
  return {
    ...empty,
    changes: Object.fromEntries(changes.map((record) => [refKey(record.ref), record])),
    lane: through === 0 ? undefined : { ...newLane(LANE), version: 1, through },
    sequence: Math.max(through, ...changes.map((record) => record.sequence)),
    rejectedMembers: membersRejected(changes),
    desired: {},
    groups: Object.fromEntries(groups.map((group) => [group.id, group])),
    effects: [],
    edited: [],
    underWay: [],
    deduplicated: {},
    ...announcedBefore(changes),
    processes: [],
    unstarted: starters.map((one) => one.name),
    left: { ...NO_LIMITS, ...scenario.limits },
  };
}

function membersRejected(changes: readonly ChangeRecord[]): World['rejectedMembers'] {
  return changes.reduce<World['rejectedMembers']>((all, record) => {
    const set = setKey(record);
    return set === undefined || !record.failed ? all : withMember(all, set, record.ref);
  }, {});
}

/** Announces the changes that the scenario begins with as settled. */
function announcedBefore(changes: readonly ChangeRecord[]): Pick<World, 'failures' | 'announced'> {
  const past = changes.flatMap(({ ref, outcome }) => (outcome === undefined ? [] : [{ key: refKey(ref), outcome }]));
  const announced = past.map(({ key, outcome }) => [generationKey(key, outcome.generation), JSON.stringify(outcome)]);
  const failures = past.flatMap(({ key, outcome }) =>
    outcome.kind === 'rejected' ? [`${generationKey(key, outcome.generation)}:${outcome.code}`] : [],
  );
  return { failures, announced: Object.fromEntries(announced) };
}

/** The times that the workers assume; ZPA keeps to the real times. */
export const timingOf = (scenario: Scenario): Timing => ({
  ...TIMING,
  ...scenario.mutation?.timing,
});
