import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { readBackBatch } from './intent/read-back-batch.ts';
import type { LaneEnd, LaneHold, LaneWork } from './lane/lane-hold.ts';
import type { LaneSession } from './lane/lane-session.ts';
import { rescheduleFrozen } from './lane/reschedule-frozen.ts';
import { hasTimeToWrite } from './lane/wait-in-place.ts';
import {
  isIndependentOf,
  isReadBackBatchFull,
  isSimpleWrite,
  splitAwaitingReadBack,
} from './rules/awaiting-read-back.ts';
import { chooseStep, type Step } from './rules/choose-step.ts';
import { troubleOf } from './settle/count-tries.ts';
import { outcomeBeforeWriting } from './step/admission.ts';
import { workStep } from './step/work-step.ts';

/**
 * Works one step after another over the open changes of one ledger query. The read-back of a simple write of one group is
 * deferred once ZPA has answered success, and the next step starts at once. One read-back settles all deferred writes before
 * a step touches the same group, name or application, and before the oldest of them has waited for a rate window. Returns an
 * end, or undefined for a new turn (docs/adr/0008-several-groups-before-one-look.md). `held`: changes of stopped or paused tenants,
 * and what may depend on them.
 */
export async function workSteps(
  work: LaneWork,
  unsettled: readonly ChangeRecord[],
  held: ReadonlySet<ChangeRecord>,
): Promise<LaneEnd | undefined> {
  const { ports, session } = work;
  for (;;) {
    const { answered = [] } = session.lane();
    const split = splitAwaitingReadBack(unsettled, session.lane());
    const { waiting } = split;
    const rest = split.rest.filter((record) => !held.has(record));
    if (rest.length === 0) return waiting.length > 0 ? readBackBatch(work) : undefined;
    const step = chooseStep(rest, session.lane(), waiting);
    if (await rescheduleFrozen(work, step)) return undefined;
    if (answered.length > 0 && (held.size > 0 || mustReadBackFirst(work, step))) return readBackBatch(work);
    const waitMs = needsZpa(work, step) ? session.budgetFreeAt(ONE_WRITE) - ports.clock.now() : 0;
    if (waitMs >= ports.timing.waitInPlaceMs) return { kind: 'wait', delayMs: waitMs, reason: 'rate-limited' };
    if (!hasTimeToWrite(work, waitMs)) return { kind: 'again' };
    const more = rest.length > step.length || answered.length > 0;
    // The places that are passed over must be stored before a later change settles.
    const mayDefer = held.size === 0 && more && step.every((record) => mayAwaitReadBack(session, record));
    const ahead = mayDefer ? rest.slice(0, MAX_NAMED_AHEAD) : [];
    const end = await workStep(work, step, unsettled, ahead);
    const isDeferred = (session.lane().answered ?? []).length > answered.length;
    if (end !== undefined || !isDeferred || !hasTimeToWrite(work)) return end;
    if (session.lane().paused !== undefined) return undefined;
  }
}

/** One lane write names at most this many changes; after a crash each of them is taken by itself. */
const MAX_NAMED_AHEAD = 20;

/** The calls that a step needs at least: the read of its group, and its write. */
const ONE_WRITE = { reads: 1, writes: 1 };

/** A change that has met an error is read back at once, so that its tries are counted before another change is taken up. */
const mayAwaitReadBack = (session: LaneSession, record: ChangeRecord): boolean =>
  isSimpleWrite(record, session.lane()) && troubleOf(session.lane(), record) === undefined;

/** A change that is rejected without asking ZPA needs no budget, and a lane without a tenant has none. */
function needsZpa({ ports, session }: LaneHold, [head]: Step): boolean {
  return outcomeBeforeWriting(ports, session.lane(), head) === undefined;
}

/** The step depends on a write that awaits its read-back, or would make that write wait too long. */
function mustReadBackFirst(hold: LaneHold, step: Step): boolean {
  const { session } = hold;
  const lane = session.lane();
  const { answered = [] } = lane;
  const [head] = step;
  const isSimple = step.every((record) => isSimpleWrite(record, lane)) && isIndependentOf(step, answered);
  if (!isSimple || isReadBackBatchFull(answered)) return true;
  return isReadBackDueAt(hold, session.budgetFreeAt(ONE_WRITE)) || troubleOf(lane, head) !== undefined;
}

/** The oldest deferred write has waited long enough. */
export const isReadBackDue = (hold: LaneHold): boolean => isReadBackDueAt(hold, hold.ports.clock.now());

/** A deferred read-back waits no longer than ZPA's rate window, including one more write and its answer. */
function isReadBackDueAt({ ports: { timing }, session }: LaneHold, at: number): boolean {
  const [oldest] = session.lane().answered ?? [];
  return oldest !== undefined && at - (oldest.answeredAt ?? 0) >= timing.budgetWindowMs * READ_BACK_DUE_SHARE;
}

/** Share of the rate window after which the read-back is due; the rest is for one more step. */
const READ_BACK_DUE_SHARE = 0.8;
