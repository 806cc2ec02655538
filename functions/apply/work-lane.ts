import type { Lane } from '../../shared/domain/lane/change-ref.ts';
import { tenantsOf } from '../../shared/domain/lane/lane-tenants.ts';
import { moveToSequence } from '../../shared/domain/ledger/settlement.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { hasReleased } from '../../shared/ledger/release-intent.ts';
import { updateChange } from '../../shared/ledger/update-change.ts';
import { laneLimits } from '../../shared/reading/lane-limits.ts';
import { readBackBatch } from './intent/read-back-batch.ts';
import { recoverIntent } from './intent/recover-intent.ts';
import { settleReleased, settleRestored } from './intent/settle-released.ts';
import { aheadOfSettings, awaitSettings } from './lane/ahead-of-settings.ts';
import type { Invocation, LaneEnd, LaneHold, LaneWork } from './lane/lane-hold.ts';
import { acquireLane, type LaneSession, LeaseLostError } from './lane/lane-session.ts';
import type { ApplyPorts } from './lane/ports.ts';
import { deferralMs, hasTimeToWrite } from './lane/wait-in-place.ts';
import { lateComers, placesNamed } from './rules/choose-step.ts';
import { afterAnswer, heldBack, stoppedForNothing } from './rules/held-back.ts';
import { jitter } from './settle/count-tries.ts';
import { isReadBackDue, workSteps } from './work-steps.ts';

/**
 * The protocol of a lane (docs/architecture.md#one-step). Every arrow is one external call; a worker may die before or after
 * any of them.
 *
 *   read lane ─► take lease ─► open intent? ─yes─► wait until it can be judged ─► read ZPA ─► settle ─► clear intent
 *                    │                                                                          ▲
 *                    no                                                                         │
 *                    ▼                                                                          │
 *   read open changes ─► owed sends ─► late-comers get a new place ─► choose step               │
 *        ▲                                                             │                        │
 *        │                                    working (names the step) ▼                        │
 *        │                       read names, applications, rules ─► group ─► decide             │
 *        │                                                             │                        │
 *        │        nothing to write: settle in order, outbox ◄──────────┼──► store intent ─► write ─► read back
 *        └─────────────────────────────────────────────────────────────┘                      │        ▲
 *                                           others may follow: deferred read-back, next step ─┴─► one read-back of all
 *
 * The conditions, and the purpose of each:
 *  - lane item by version and fence: one worker at a time stores an intent or names a step;
 *  - intent before write: whatever ZPA did, a worker reads it before anything else is done in the lane;
 *  - change item by version, state and generation: one outcome per generation, no matter which worker settles;
 *  - outbox owed in the settling write itself: no outcome without its sends;
 *  - a change that may not start now is scheduled again before a step is chosen: nothing is written in a freeze.
 */

/**
 * Works the lane until it is empty, has to wait, or time is up. Adds to `finished` (by `generationKey`) each change that it
 * settled and that owes no sends. `apart`: none of its messages is of the lane's own group. Rejects only if the ledger cannot be
 * reached.
 */
export async function workLane(
  ports: ApplyPorts,
  lane: Lane,
  invocation: Invocation,
  finished: Set<string>,
  apart = false,
): Promise<LaneEnd> {
  const session = await acquireLane(ports, lane, laneLimits(ports.configuration, lane, ports.timing), finished);
  if (session === undefined)
    return { kind: 'wait', delayMs: jitter(ports, ports.timing.deferMinMs), reason: 'lease-held' };
  try {
    const end = await workUntilEnd({ ports, session, invocation });
    session.stage({ hiddenUntil: hiddenUntil(ports, session, end, apart) });
    await session.release();
    // A sender of a change reads the lane afterwards: it reads that messages are hidden, or this worker reads the change.
    return end.kind === 'wait' && (await session.backlog.hasMore()) ? { kind: 'again' } : end;
  } catch (error) {
    if (error instanceof LeaseLostError) {
      ports.log.warn('lease lost', { lane, reason: error.message });
      return { kind: 'wait', delayMs: jitter(ports, ports.timing.deferMinMs), reason: 'lease-lost' };
    }
    session.stage({ hiddenUntil: hiddenUntil(ports, session, endAfterError(ports, invocation), apart) });
    await releaseAfter({ ports, session, invocation }, error);
    if (invocation.signal.aborted) return { kind: 'again' };
    throw error;
  }
}

/**
 * Until when messages of the lane's own group may be hidden: by the deferral that follows, or by another invocation, which found
 * the lane held by this one.
 */
function hiddenUntil({ clock, timing }: ApplyPorts, session: LaneSession, end: LaneEnd, apart: boolean) {
  const now = clock.now();
  if (apart) return Math.max(session.lane().hiddenUntil ?? 0, now + 2 * timing.deferMinMs);
  return end.kind === 'wait' ? now + deferralMs(timing, end) + ROUNDING_MS : undefined;
}

/** The messages return at once when time is up, and after the shortest deferral when a port failed. */
const endAfterError = ({ timing }: ApplyPorts, { signal }: Invocation): LaneEnd =>
  signal.aborted ? { kind: 'again' } : { kind: 'wait', delayMs: timing.deferMinMs, reason: 'worker-error' };

/** SQS hides messages for whole seconds. */
const ROUNDING_MS = 1000;

/**
 * Releases the lane after an error of a port or the end of the invocation: neither is caused by the change, so it gets no
 * strike. Any other error is a crash: the lease stays, and the successor counts the strike.
 */
async function releaseAfter({ ports, session, invocation }: LaneWork, error: unknown) {
  if (!invocation.signal.aborted && !(error instanceof Error && 'scope' in error)) return;
  await session.releaseUnfinished().catch((failure: unknown) => {
    ports.log.warn('lane could not be released', { lane: session.lane().lane, failure });
  });
}

async function workUntilEnd(work: LaneWork): Promise<LaneEnd> {
  const { session, invocation } = work;
  if (session.lane().working !== undefined) await recordPlaces(session);
  for (;;) {
    const { stopped: before } = session.lane();
    const end = await workOnce(work);
    const isPartlyStopped = session.lane().stopped !== before && tenantsPassed(work) !== undefined;
    if (end === undefined || isPartlyStopped) continue;
    // Only writes that cannot be read back now still await their read-back when the worker leaves the lane.
    const { answered, stopped, intent } = session.lane();
    if (answered === undefined || stopped !== undefined || invocation.signal.aborted) return end;
    const unread = await readBackBatch(work);
    if (unread !== undefined || intent !== undefined) return unread ?? end;
  }
}

/**
 * A worker that ended uncleanly may have settled changes that it named and not have recorded how far the lane came. The names
 * are gone once its open intent is settled or this worker waits, so the places are recorded before anything else is done.
 */
async function recordPlaces(session: LaneSession): Promise<void> {
  const { unsettled } = await session.backlog.read();
  const places = placesNamed(unsettled, session.lane());
  session.stage({ ...places, skipped: [...new Set([...places.skipped, ...session.backlog.heldPlaces()])] });
}

/**
 * One turn: an open intent, or a read-back, or owed sends, or a round of steps. Returns an end, or undefined to go on.
 */
async function workOnce(work: LaneWork): Promise<LaneEnd | undefined> {
  const { ports, session } = work;
  if (hasReleased(session.lane())) return settleReleased(work);
  if (session.lane().intent !== undefined) return recoverIntent(work);
  const standing = pausedOrStopped(work);
  const stoppedTenants = standing === undefined ? [] : tenantsPassed(work);
  if (stoppedTenants === undefined) return standing;
  if (isReadBackDue(work)) return readBackBatch(work);
  if (!hasTimeToWrite(work)) return { kind: 'again' };
  const { unsettled, empty } = await session.backlog.read();
  if (await settleRestored(work, unsettled)) return undefined;
  const without = stoppedForNothing(session.lane(), unsettled);
  if (without.length > 0) {
    session.stage(afterAnswer(session.lane(), ...without));
    return undefined;
  }
  if (empty) return { kind: 'done' };
  if (unsettled.length === 0 && session.backlog.heldPlaces().length > 0) {
    return { kind: 'wait', delayMs: jitter(ports, ports.timing.deferMaxMs), reason: 'record-unreadable' };
  }
  const late = lateComers(unsettled, session.lane());
  if (late.length > 0) return moveToEnd(work, late);
  const ahead = aheadOfSettings(ports, unsettled);
  const held = new Set([...heldBack(unsettled, [...stoppedTenants, ...tenantsPaused(ports)]), ...ahead]);
  const isAllHeld = unsettled.length > 0 && held.size === unsettled.length;
  if (!isAllHeld) return workSteps(work, unsettled, held);
  session.stage({ turn: undefined });
  if (ahead.size > 0) return awaitSettings(work);
  return standing ?? { kind: 'wait', delayMs: jitter(ports, ports.timing.deferMaxMs), reason: 'tenant-paused' };
}

/** The configuration pauses them: their changes wait in their places. */
const tenantsPaused = ({ configuration: { tenants } }: ApplyPorts): string[] =>
  Object.entries(tenants).flatMap(([name, { mode }]) => (mode === 'paused' ? [name] : []));

/** The stopped tenants whose changes are passed over; undefined: the lane stands still as a whole. */
function tenantsPassed({ ports: { configuration }, session }: LaneHold): readonly string[] | undefined {
  const { lane, paused, stopped } = session.lane();
  const isShared = tenantsOf(configuration, lane).length > 1;
  return isShared && paused === undefined ? stopped?.tenants : undefined;
}

/** A paused lane waits for an operator, who finds it by its tenants; a stopped lane waits for its next probe. */
function pausedOrStopped({ ports, session }: LaneHold): LaneEnd | undefined {
  const { paused, stopped } = session.lane();
  const isKnown = tenantsOf(ports.configuration, session.lane().lane).length > 0;
  if (paused !== undefined && isKnown) {
    session.stage({ turn: undefined });
    return { kind: 'wait', delayMs: jitter(ports, ports.timing.deferMaxMs), reason: 'paused' };
  }
  const now = ports.clock.now();
  if (stopped === undefined || stopped.probeAt <= now) return undefined;
  return { kind: 'wait', delayMs: Math.max(stopped.probeAt - now, ports.timing.deferMinMs), reason: stopped.code };
}

/** Gives late-comers new places at the end of the lane; they keep their order among themselves. */
async function moveToEnd({ ports, session }: LaneHold, late: readonly ChangeRecord[]): Promise<undefined> {
  session.backlog.invalidate();
  for (const record of late) {
    const sequence = await ports.ledger.takeSequences(record.ref.lane, 1);
    await updateChange(ports.ledger, record, (r) => moveToSequence(r, record, sequence));
    ports.log.info('late change got a new place', { ...record.ref, from: record.sequence, to: sequence });
  }
}
