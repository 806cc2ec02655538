import type { ChangeRequest } from '../../../shared/domain/change/change.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { type ChangeRef, refKey } from '../../../shared/domain/lane/change-ref.ts';
import type { Outcome } from '../../../shared/domain/outcome/outcome.ts';
import type { Intent, ZpaWrite } from '../../../shared/domain/records/intent.ts';
import type { FaultKind, MishapKind } from './history.ts';

/** The events of a played history, recorded by the world around the worker and not by the worker. */
export type Chronicle = {
  /** Calls that left for ZPA. */
  calls: { kind: 'read' | 'write'; method: string; argument: unknown; at: number; life: string }[];
  /** Writes that took effect. */
  effects: Effect[];
  /** Console edits that changed something. */
  edits: ConsoleEdit[];
  /** The first write of a change's outcome, per generation. */
  settles: Settle[];
  /** The time at which each unit was first worked. */
  takenUp: Map<Unit, number[]>;
  /** Generations whose redrive an operator requested. */
  redrives: Unit[];
  /** Generations that were re-opened, and when. */
  reopened: Map<Unit, number>;
  /** The time at which each unit was accepted or re-opened. */
  opened: Map<Unit, number>;
  /** Units to be cancelled, once each or more often. */
  cancels: Unit[];
  /** Ids of created groups, as far as a lane in the ledger has held them. */
  createdIds: Set<string>;
  /** Processes so far. */
  lives: number;
  accepted: Map<string, { ref: ChangeRef; fingerprint: string }>;
  faults: { kind: FaultKind | 'outage'; at: number; on: 'read' | 'write' }[];
  /** 429s as they were answered. */
  silences: { from: number; until: number }[];
  mishaps: { kind: MishapKind | 'timed-out'; at: number; life: string; call: string }[];
  /** Reads that a lagging replica answered with an older state. */
  olderReads: number;
  /** Calls that met the lasting fault. */
  lastingHits: number;
  /** Events that must never happen. */
  violations: string[];
};

export type ConsoleEdit = {
  at: number;
  /** Every group that is not as before, as it is now; undefined: gone. */
  left: Map<string, SegmentGroup | undefined>;
  /** Names were given or taken: who looks for one may find another group. */
  named: boolean;
  applications: string[];
  act: (state: Map<string, SegmentGroup>) => void;
};

/** One change at one generation. */
export type Unit = string;
export const unitOf = (ref: ChangeRef, generation: number): Unit => `${refKey(ref)}@${generation}`;

export type Effect = {
  at: number;
  sentAt: number;
  /** The time at which the worker last read the group it wrote. */
  readAt: number;
  write: ZpaWrite;
  /** As it stood in the ledger when the write was sent. */
  intent: Intent | undefined;
  groupId: string;
  /** As it was just before the effect; undefined for a create. */
  before: SegmentGroup | undefined;
  /** Just after; undefined for a delete. */
  after: SegmentGroup | undefined;
};

export type Settle = {
  at: number;
  unit: Unit;
  ref: ChangeRef;
  generation: number;
  sequence: number;
  change: ChangeRequest;
  outcome: Outcome;
  /** The first and the last time at which it was worked. */
  firstTakenUpAt: number;
  takenUpAt: number;
};

export function createChronicle(): Chronicle {
  return {
    calls: [],
    effects: [],
    edits: [],
    settles: [],
    takenUp: new Map(),
    redrives: [],
    reopened: new Map(),
    opened: new Map(),
    lastingHits: 0,
    cancels: [],
    createdIds: new Set(),
    lives: 0,
    accepted: new Map(),
    faults: [],
    silences: [],
    mishaps: [],
    olderReads: 0,
    violations: [],
  };
}
