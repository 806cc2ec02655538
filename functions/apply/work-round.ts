import { lookup } from '../../shared/domain/configuration/lookup.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';

import { readBackBatch } from './intent/read-back-batch.ts';
import type { LaneSession } from './lane/lane-session.ts';
import type { ApplyPorts, Invocation, LaneEnd } from './lane/ports.ts';
import { rescheduleFrozen } from './lane/reschedule-frozen.ts';
import { hasTimeToWrite } from './lane/wait-in-place.ts';
import {
  isIndependentOf,
  isReadBackBatchFull,
  isSimpleWrite,
  splitAwaitingReadBack,
} from './rules/awaiting-read-back.ts';
import { chooseStep, type Step } from './rules/choose-step.ts';
import { jitter, troubleOf } from './settle/attribute-fault.ts';
import { outcomeBeforeWriting } from './step/admission.ts';
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
    if (answered.length > 0 && mustReadBackFirst(ports, session, step))
      return readBackBatch(ports, session, invocation);
    const waitMs = needsZpa(ports, session, step) ? session.budgetFreeAt(ONE_WRITE) - ports.clock.now() : 0;
    if (waitMs >= ports.timing.waitInPlaceMs) return { kind: 'wait', delayMs: waitMs, reason: 'rate-limited' };
    if (!hasTimeToWrite(ports, session, invocation, waitMs)) return { kind: 'again' };
    const more = rest.length > step.records.length || answered.length > 0;
    const aside = more && step.records.every((record) => isSimpleWrite(record, session.lane()));
    const ahead = aside ? rest.slice(0, MAX_NAMED_AHEAD) : [];
    const end = await workStep(ports, session, step, unsettled, invocation, ahead);
    const isAside = (session.lane().answered ?? []).length > answered.length;
    if (end !== undefined || !isAside || !hasTimeToWrite(ports, session, invocation)) return end;
    if (session.lane().paused !== undefined) return undefined;
  }
}

/** As many changes are named in one lane write; after a crash they are taken one by one. */
const MAX_NAMED_AHEAD = 20;

/** What the group of a step needs at the least: its own read, and its write. */
const ONE_WRITE = { reads: 1, writes: 1 };

/** What is rejected unseen needs no budget, and a lane without a tenant has none. */
function needsZpa(ports: ApplyPorts, session: LaneSession, { records: [head] }: Step): boolean {
  return head !== undefined && outcomeBeforeWriting(ports, session.lane(), head) === undefined;
}

/** The step hangs on what lies aside, or would make it wait too long. */
function mustReadBackFirst(ports: ApplyPorts, session: LaneSession, step: Step): boolean {
  const lane = session.lane();
  const { answered = [] } = lane;
  const [head] = step.records;
  const isSimple = step.records.every((record) => isSimpleWrite(record, lane)) && isIndependentOf(step, answered);
  if (!isSimple || isReadBackBatchFull(answered)) return true;
  return (
    isReadBackDueAt(ports, session, session.budgetFreeAt(ONE_WRITE)) ||
    (head !== undefined && troubleOf(lane, head) !== undefined)
  );
}

export const isReadBackDue = (ports: ApplyPorts, session: LaneSession): boolean =>
  isReadBackDueAt(ports, session, ports.clock.now());

/** What lies aside waits no longer for its look than ZPA's rate window is long, a write and its answer included. */
function isReadBackDueAt({ timing }: ApplyPorts, session: LaneSession, at: number): boolean {
  const [oldest] = session.lane().answered ?? [];
  return oldest !== undefined && at - (oldest.answeredAt ?? 0) >= timing.budgetWindowMs * READ_BACK_DUE_SHARE;
}

/** The rest of the window is for one more step. */
const READ_BACK_DUE_SHARE = 0.8;

/** The configuration holds the tenant's changes back: what ends them meanwhile is their own time, once it is their turn. */
function isTenantPaused({ configuration }: ApplyPorts, { records }: Step): boolean {
  const tenant = lookup(configuration.tenants, records[0]?.change.tenant ?? '');
  return tenant?.mode === 'paused';
}
