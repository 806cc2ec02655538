import { lookup } from '../../shared/domain/configuration/lookup.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';

import { readBackBatch } from './intent/read-back-batch.ts';
import type { LaneSession } from './lane/lane-session.ts';
import type { ApplyPorts, Invocation, LaneEnd } from './lane/ports.ts';
import { rescheduleFrozen } from './lane/reschedule-frozen.ts';
import { hasTime } from './lane/wait-in-place.ts';
import {
  isReadBackBatchFull,
  isSimpleWrite,
  sharesNothingWith,
  splitAwaitingReadBack,
} from './rules/awaiting-read-back.ts';
import { chooseStep, type Step } from './rules/choose-step.ts';
import { jitter, troubleOf } from './settle/attribute-fault.ts';
import { endBeforeWriting } from './step/admission.ts';
import { workStep } from './step/work-step.ts';

/**
 * One step after another over the open changes of one ledger query. A write of one group that nothing else hangs on lies
 * aside once ZPA has said yes, and the next step is taken up at once; before anything meets what lies aside, and before
 * it has done so for a rate window, one look settles all of it. Answers an end, or undefined for a new turn.
 */
export async function workRound(
  ports: ApplyPorts,
  session: LaneSession,
  unsettled: readonly ChangeRecord[],
  invocation: Invocation,
): Promise<LaneEnd | undefined> {
  if (await rescheduleFrozen(ports, session, splitAwaitingReadBack(unsettled, session.lane()).rest)) return undefined;
  for (;;) {
    const { answered = [] } = session.lane();
    const { waiting, rest } = splitAwaitingReadBack(unsettled, session.lane());
    if (rest.length === 0) return waiting.length > 0 ? readBackBatch(ports, session, invocation) : undefined;
    const step = chooseStep(rest, session.lane(), waiting);
    // A freeze may have begun since the round did.
    if (await rescheduleFrozen(ports, session, step.records)) return undefined;
    if (isTenantPaused(ports, step)) {
      return { kind: 'wait', delayMs: jitter(ports, ports.timing.deferMaxMs), reason: 'tenant-paused' };
    }
    if (answered.length > 0 && mustLookFirst(ports, session, step)) return readBackBatch(ports, session, invocation);
    const waitMs = asksZpa(ports, session, step) ? session.roomAt(ONE_WRITE) - ports.clock.now() : 0;
    if (waitMs >= ports.timing.waitInPlaceMs) return { kind: 'wait', delayMs: waitMs, reason: 'rate-limited' };
    if (!hasTime(ports, session, invocation, waitMs)) return { kind: 'again' };
    const more = rest.length > step.records.length || answered.length > 0;
    const aside = more && step.records.every((record) => isSimpleWrite(record, session.lane()));
    const ahead = aside ? rest.slice(0, NAMED_AHEAD) : [];
    const end = await workStep(ports, session, step, unsettled, invocation, ahead);
    const isAside = (session.lane().answered ?? []).length > answered.length;
    if (end !== undefined || !isAside || !hasTime(ports, session, invocation)) return end;
    if (session.lane().paused !== undefined) return undefined;
  }
}

/** As many changes are named in one lane write; after a crash they are taken one by one. */
const NAMED_AHEAD = 20;

/** What the group of a step needs at the least: its own read, and its write. */
const ONE_WRITE = { reads: 1, writes: 1 };

/** What is rejected unseen needs no budget, and a lane without a tenant has none. */
function asksZpa(ports: ApplyPorts, session: LaneSession, { records: [head] }: Step): boolean {
  return head !== undefined && endBeforeWriting(ports, session.lane(), head) === undefined;
}

/** The step hangs on what lies aside, or would make it wait too long. */
function mustLookFirst(ports: ApplyPorts, session: LaneSession, step: Step): boolean {
  const lane = session.lane();
  const { answered = [] } = lane;
  const [head] = step.records;
  const isSimple = step.records.every((record) => isSimpleWrite(record, lane)) && sharesNothingWith(step, answered);
  if (!isSimple || isReadBackBatchFull(answered)) return true;
  return (
    isDue(ports, session, session.roomAt(ONE_WRITE)) || (head !== undefined && troubleOf(lane, head) !== undefined)
  );
}

export const isLookDue = (ports: ApplyPorts, session: LaneSession): boolean => isDue(ports, session, ports.clock.now());

/** What lies aside waits no longer for its look than ZPA's rate window is long, a write and its answer included. */
function isDue({ timing }: ApplyPorts, session: LaneSession, at: number): boolean {
  const [oldest] = session.lane().answered ?? [];
  return oldest !== undefined && at - (oldest.answeredAt ?? 0) >= timing.budgetWindowMs * ONE_WRITE_SHARE;
}

/** The rest of the window is for one more step. */
const ONE_WRITE_SHARE = 0.8;

/** The configuration holds the tenant's changes back: what ends them meanwhile is their own time, once it is their turn. */
function isTenantPaused({ configuration }: ApplyPorts, { records }: Step): boolean {
  const tenant = lookup(configuration.tenants, records[0]?.change.tenant ?? '');
  return tenant?.mode === 'paused';
}
