import type { SegmentGroup } from '../../shared/domain/group/group.ts';
import type { ChangeRef } from '../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { DesiredGroup } from '../../shared/domain/records/desired-group.ts';
import type { Intent, ZpaWrite } from '../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../shared/domain/records/lane-record.ts';
import type { LocalNode } from './local-tree.ts';

/** Everything outside the processes, as immutable data: a state of the search is a world with its processes' places. */
export type World = {
  now: number;
  /** By `refKey`. */
  changes: Readonly<Record<string, ChangeRecord>>;
  lane: LaneRecord | undefined;
  sequence: number;
  /** By `setKey`. */
  rejectedMembers: Readonly<Record<string, readonly ChangeRef[]>>;
  desired: Readonly<Record<string, DesiredGroup>>;
  groups: Readonly<Record<string, SegmentGroup>>;
  /** Every write that took effect, in order. */
  effects: readonly Effect[];
  /** Edits made at the console. */
  edited: readonly string[];
  /** Unanswered writes that will yet take effect, at the latest at `until`. */
  underWay: readonly (Effect & { write: ZpaWrite; until: number })[];
  messages: readonly Message[];
  /** Deduplication ids and when they were last taken. */
  deduplicated: Readonly<Record<string, number>>;
  /** `key/generation` of what is, or was, in the dead-letter queue. */
  failures: readonly string[];
  /** The announced outcome of `key/generation`. */
  announced: Readonly<Record<string, string>>;
  processes: readonly Process[];
  /** Processes of the scenario that were not started yet. */
  unstarted: readonly string[];
  left: Limits;
};

/** A write that took effect: `members` are those it was made for, as `key/generation`. */
export type Effect = {
  writeId: string;
  members: readonly string[];
  what: string;
  /** Memberships it gave and took, as `group+application` and `group-application`; `fields` for anything else. */
  did: readonly string[];
};

export type Message = { id: string; label: string; body: string; visibleAt: number };

export type Process = {
  name: string;
  node: LocalNode;
  /** Messages of its batch. */
  messages: readonly string[];
  /** The time at which the platform ends it; never, in a scenario where a process may outlive its invocation. */
  killAt: number;
  /** It is slow: time passes and others go on, until it wakes. */
  stalled: boolean;
  /** The intent it stored last, as it meant it. */
  intent: Intent | undefined;
};

/** Remaining number of each kind of event. */
export type Limits = {
  /** A process dies. */
  crashes: number;
  /** A ZPA write is refused or gets no answer. */
  faults: number;
  /** A read finds ZPA unreachable, or is refused. */
  readFaults: number;
  /** An AWS service gives up on a call, before or after its effect. */
  awsFaults: number;
  /** A process stalls where it is: time passes, others go on, and at any time it may wake and go on itself. */
  pauses: number;
  /** Messages in flight are delivered once more. */
  duplicates: number;
  /** An administrator edits at the console. */
  edits: number;
  /** The sweeper comes although there is other work; when all is quiet it always comes. */
  sweeps: number;
};

export const NO_LIMITS: Limits = {
  crashes: 0,
  faults: 0,
  readFaults: 0,
  awsFaults: 0,
  pauses: 0,
  duplicates: 0,
  edits: 0,
  sweeps: 0,
};

export const once = (left: Limits, name: keyof Limits): Limits => ({ ...left, [name]: left[name] - 1 });

export const generationKey = (key: string, generation: number): string => `${key}/${generation}`;

export function withProcess(world: World, process: Process): World {
  return { ...world, processes: world.processes.map((one) => (one.name === process.name ? process : one)) };
}

export function withoutProcess(world: World, name: string): World {
  return { ...world, processes: world.processes.filter((one) => one.name !== name) };
}
