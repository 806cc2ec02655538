import type { Lane } from '../../../shared/domain/lane/change-ref.ts';
import { type BudgetLimits, blockUntil, type CallKind, mayStartAt } from '../../../shared/domain/ledger/rate-budget.ts';
import type { BudgetState, LaneRecord } from '../../../shared/domain/records/lane-record.ts';

import type { RateLimiter } from '../../../shared/ports/ports.ts';
import { createBudgetLimiter } from '../../../shared/zpa/budget-limiter.ts';
import { type Backlog, createBacklog } from './backlog.ts';
import { createGroupNameCache, type GroupNameCache } from './group-name-cache.ts';
import type { ApplyPorts } from './ports.ts';

/**
 * The right to work a lane. One conditional write takes it, every later write of the lane item carries it on, the last
 * one gives it back. Whoever loses it touches nothing any more.
 *
 *   free ──take──► held ──save*──► held ──release──► free
 *                   │ invocation dies: `until` passes
 *                   └──take by another (fence + 1, a full rate window of silence, strikes for what was in hand)──► held
 */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  readonly code = 'lease-lost';
}

/** The window of a whole-object write grows by less than this, should a read be faster than those before. */
const LONGEST_LEAD_MS = 1000;
/** The slowest of so many writes tells the lead: whatever is late once, every later window begins later by. */
const LEADS_REMEMBERED = 5;

/** `undefined` takes a field away. */
export type LanePatch = { [Field in keyof LaneRecord]?: LaneRecord[Field] | undefined };

export type LaneSession = {
  /** As last written, and what was noted since. */
  lane(): LaneRecord;
  /** Written with the next `save`: for what a successor would find out by itself. */
  stage(patch: LanePatch): void;
  /** Rejects with `lease-lost` if another worker holds the lane meanwhile. */
  save(patch: LanePatch): Promise<void>;
  /** Clean end: budget saved, nothing in hand. */
  release(): Promise<void>;
  /** Gives the lane back as it is: what is in hand stays named, so that a successor knows how far this one may have come. */
  releaseUnfinished(): Promise<void>;
  leaseLeftMs(): number;
  limiter: RateLimiter;
  /** Generations that were settled under this lease and owe nothing, by `generationKey`. */
  finished: Set<string>;
  /** The lane's open changes, read under this lease. */
  backlog: Backlog;
  groupNames: GroupNameCache;
  /** The instant at which so many calls may start, one after the other: now or later. */
  budgetFreeAt(calls: Calls): number;
  /**
   * Resolves when so many calls may start now, spending nothing: a single write a little earlier, by as long as it took
   * lately from here until `writing`, so that the write itself starts on the dot.
   */
  waitForBudget(signal: AbortSignal, calls: Calls): Promise<void>;
  /** The write that room was made for is about to start. */
  markWriteStart(): void;
};

export type Calls = { reads: number; writes: number };

/** The session, or undefined while another worker holds the lane. */
export async function acquireLane(
  ports: ApplyPorts,
  lane: Lane,
  limits: BudgetLimits,
  finished: Set<string>,
): Promise<LaneSession | undefined> {
  const { ledger, clock, chance, timing } = ports;
  const found = await ledger.readLane(lane);
  const now = clock.now();
  if (found.lease !== undefined && found.lease.until > now) return undefined;
  const taken: LaneRecord = {
    ...(found.lease === undefined
      ? found
      : afterCrash(found, found.lease.until - timing.leaseMs, blockUntil(found.budget, now + limits.windowMs))),
    fence: found.fence + 1,
    lease: { owner: chance.id(), until: now + timing.leaseMs },
  };
  const result = await ledger.writeLane(taken, found.version);
  if (!result.written) return undefined;
  return createSession(ports, { ...taken, version: found.version + 1 }, limits, finished);
}

/**
 * What an unclean end means: its calls may still count at ZPA, and what it had in hand may have killed it. What an earlier
 * worker had named did not: this one got no further than its lease.
 */
function afterCrash(lane: LaneRecord, leasedAt: number, budget: BudgetState): LaneRecord {
  const { working } = lane;
  if (working === undefined || working.since < leasedAt) return { ...lane, budget };
  if (working.members.length === 1) return { ...lane, budget, working: { ...working, strikes: working.strikes + 1 } };
  const places = working.members.map((m) => m.sequence);
  return { ...lane, budget, oneByOneUntil: Math.max(lane.oneByOneUntil ?? 0, ...places) };
}

function createSession(ports: ApplyPorts, taken: LaneRecord, limits: BudgetLimits, finished: Set<string>): LaneSession {
  const { ledger, clock } = ports;
  let current = taken;
  const limiter = createBudgetLimiter({ limits, clock, state: taken.budget });
  let leadsMs: number[] = [];
  let roomSince = clock.now();

  async function write(next: LaneRecord): Promise<void> {
    const result = await ledger.writeLane(next, current.version);
    if (result.written) {
      current = { ...next, version: current.version + 1 };
      return;
    }
    const { found } = result;
    if (found === undefined || found.fence !== taken.fence || found.lease === undefined) {
      throw new LeaseLostError(`lane ${taken.lane} is held by another worker (fence ${found?.fence ?? 'none'})`);
    }
    // Same fence: only an operator writes beside us, and only `paused`.
    current = found;
    const { paused: _ours, ...rest } = next;
    await write(found.paused === undefined ? rest : { ...rest, paused: found.paused });
  }

  const roomAt = (calls: Calls) =>
    Math.max(roomOf(limiter.state(), 'read', calls.reads), roomOf(limiter.state(), 'write', calls.writes));

  /** When so many calls of one kind may start together. */
  function roomOf(state: BudgetState, kind: CallKind, calls: number): number {
    const now = clock.now();
    if (calls < 1) return now;
    const [list, limit] = kind === 'read' ? (['reads', limits.reads] as const) : (['writes', limits.writes] as const);
    const others = Array.from({ length: Math.min(calls, limit) - 1 }, () => now);
    return mayStartAt({ ...state, [list]: [...state[list], ...others] }, kind, limits, now);
  }

  return {
    lane: () => current,
    stage: (patch) => {
      current = applyPatch(current, patch);
    },
    limiter,
    finished,
    backlog: createBacklog(ports, taken.lane),
    groupNames: createGroupNameCache(clock, ports.timing.budgetWindowMs),
    leaseLeftMs: () => (current.lease?.until ?? 0) - clock.now(),
    save: (patch) => write(applyPatch(current, { ...patch, budget: limiter.state() })),
    release: () => write(applyPatch(current, { lease: undefined, working: undefined, budget: limiter.state() })),
    releaseUnfinished: () => write(applyPatch(current, { lease: undefined, budget: limiter.state() })),
    budgetFreeAt: roomAt,
    async waitForBudget(signal, calls) {
      const early = calls.writes === 1 ? Math.max(0, ...leadsMs) : 0;
      const mayReadAt = () => Math.max(roomAt({ ...calls, writes: 0 }), roomAt(calls) - early);
      for (let at = mayReadAt(); at > clock.now(); at = mayReadAt()) await clock.sleep(at - clock.now(), signal);
      roomSince = clock.now();
    },
    markWriteStart: () => {
      leadsMs = [...leadsMs.slice(1 - LEADS_REMEMBERED), Math.min(clock.now() - roomSince, LONGEST_LEAD_MS)];
    },
  };
}

function applyPatch(lane: LaneRecord, patch: LanePatch): LaneRecord {
  const fields = Object.entries({ ...lane, ...patch }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as LaneRecord;
}
