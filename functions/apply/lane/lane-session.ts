import type { Lane } from '../../../shared/domain/lane/change-ref.ts';
import { type BudgetLimits, blockUntil, type CallKind, mayStartAt } from '../../../shared/domain/ledger/rate-budget.ts';
import type { Timing } from '../../../shared/domain/ledger/timing.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import type { RateLimiter } from '../../../shared/ports/ports.ts';
import { createBudgetLimiter } from '../../../shared/zpa/budget-limiter.ts';
import { type Backlog, createBacklog } from './backlog.ts';
import { createBorrowedReads } from './borrowed-reads.ts';
import { createGroupNameCache, type GroupNameCache } from './group-name-cache.ts';
import type { ApplyPorts } from './ports.ts';

/**
 * The lease of a lane. One conditional write acquires it, every later write of the lane item keeps it, and the last one
 * releases it. A worker that loses it does nothing more (docs/architecture.md#the-lane-item).
 *
 *   free ──acquire──► held ──save*──► held ──release──► free
 *                      │ invocation dies: `until` passes
 *                      └──acquired by another (fence + 1, no call for a full rate window, a strike for the named change)──► held
 */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  readonly code = 'lease-lost';
}

/** Upper bound of the lead in ms: a lead that is too long widens the window of a whole-object write by at most this. */
const LONGEST_LEAD_MS = 1000;
/** The slowest of this many last writes sets the lead: one late write would delay every later window. */
const LEADS_REMEMBERED = 5;

/** `undefined` removes a field. */
export type LanePatch = { [Field in keyof LaneRecord]?: LaneRecord[Field] | undefined };

export type LaneSession = {
  /** The lane record as last written, with the staged fields. */
  lane(): LaneRecord;
  /** Fields that the next `save` writes: only facts that a successor would find out by itself. */
  stage(patch: LanePatch): void;
  /** Writes the lane record. Rejects with `lease-lost` if another worker has acquired the lane meanwhile. */
  save(patch: LanePatch): Promise<void>;
  /** Clean end: saves the budget and names no changes any more. */
  release(): Promise<void>;
  /** Releases the lease and keeps the named changes, so that a successor knows how far this worker may have come. */
  releaseUnfinished(): Promise<void>;
  leaseLeftMs(): number;
  limiter: RateLimiter;
  /** Generations that were settled under this lease and owe nothing, by `generationKey`. */
  finished: Set<string>;
  /** The lane's open changes, read under this lease. */
  backlog: Backlog;
  groupNames: GroupNameCache;
  /** The instant, in epoch ms, at which so many calls may start one after the other: now or later. */
  budgetFreeAt(calls: Calls): number;
  /**
   * Resolves when so many calls may start now, and spends no budget. For a single write it resolves earlier by the time that
   * passed lately between this call and `markWriteStart`, so that the write itself starts as soon as the budget allows it.
   */
  waitForBudget(signal: AbortSignal, calls: Calls): Promise<void>;
  /** The write that `waitForBudget` was called for starts now. */
  markWriteStart(): void;
};

export type Calls = { reads: number; writes: number };

/** Acquires the lease. Returns the session, or undefined while another worker holds the lane. */
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
    ...(found.lease === undefined ? found : afterCrash(found, found.lease.until, now + limits.windowMs, timing)),
    fence: found.fence + 1,
    lease: { owner: chance.id(), until: now + timing.leaseMs },
  };
  const result = await ledger.writeLane(taken, found.version);
  if (!result.written) return undefined;
  return createSession(ports, { ...taken, version: found.version + 1 }, limits, finished);
}

/**
 * The lane after an unclean end: the calls of the dead worker may still count at ZPA, and the changes that it named may have
 * crashed it. Changes that an earlier worker had named did not: the dead worker got no further than its lease. Its messages
 * return when their visibility timeout ends, which began no later than its lease.
 */
function afterCrash(found: LaneRecord, leaseEnd: number, quietUntil: number, timing: Timing): LaneRecord {
  const leasedAt = leaseEnd - timing.leaseMs;
  const hiddenUntil = leasedAt + timing.visibilityTimeoutMs;
  const lane = { ...found, hiddenUntil, budget: blockUntil(found.budget, quietUntil) };
  const { working } = found;
  if (working === undefined || working.since < leasedAt) return lane;
  if (working.members.length === 1) return { ...lane, working: { ...working, strikes: working.strikes + 1 } };
  return { ...lane, oneByOneUntil: Math.max(lane.oneByOneUntil ?? 0, ...working.members.map((m) => m.sequence)) };
}

function createSession(ports: ApplyPorts, taken: LaneRecord, limits: BudgetLimits, finished: Set<string>): LaneSession {
  const { ledger, clock } = ports;
  let current = taken;
  const borrowed = createBorrowedReads(ports, taken.lane);
  const limiter = createBudgetLimiter({ limits, clock, state: taken.budget, spare: borrowed });
  let leadsMs: number[] = [];
  let readySince = clock.now();

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
    // With the same fence only an operator has written meanwhile, and only `paused`.
    current = found;
    const { paused: _paused, ...rest } = next;
    await write(found.paused === undefined ? rest : { ...rest, paused: found.paused });
  }

  const budgetFreeAt = (calls: Calls) => Math.max(freeAtFor('read', calls.reads), freeAtFor('write', calls.writes));

  /** The instant at which so many calls of one kind may start together. */
  function freeAtFor(kind: CallKind, calls: number): number {
    const now = clock.now();
    return calls < 1 ? now : mayStartAt(limiter.state(), kind, limits, now, calls);
  }

  /** The instant at which so many reads may start together, the borrowed ones included. */
  async function mayReadAt(reads: number): Promise<number> {
    let own = reads;
    while (own > 0 && freeAtFor('read', own) > clock.now()) own -= 1;
    const lent = own < reads && limiter.state().notBefore <= clock.now() ? await borrowed.atHand(reads - own) : 0;
    return budgetFreeAt({ reads: reads - lent, writes: 0 });
  }

  async function leave(patch: LanePatch): Promise<void> {
    await borrowed.settle(true);
    await write(applyPatch(current, { ...patch, lease: undefined, budget: limiter.state() }));
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
    release: () => leave({ working: undefined }),
    releaseUnfinished: () => leave({}),
    budgetFreeAt,
    async waitForBudget(signal, calls) {
      const early = calls.writes === 1 ? Math.max(0, ...leadsMs) : 0;
      for (;;) {
        const writesAt = budgetFreeAt({ reads: 0, writes: calls.writes }) - early;
        const at = writesAt > clock.now() ? writesAt : await mayReadAt(calls.reads);
        if (at <= clock.now()) break;
        await clock.sleep(at - clock.now(), signal);
      }
      readySince = clock.now();
    },
    markWriteStart: () => {
      leadsMs = [...leadsMs.slice(1 - LEADS_REMEMBERED), Math.min(clock.now() - readySince, LONGEST_LEAD_MS)];
    },
  };
}

function applyPatch(lane: LaneRecord, patch: LanePatch): LaneRecord {
  const fields = Object.entries({ ...lane, ...patch }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as LaneRecord;
}
