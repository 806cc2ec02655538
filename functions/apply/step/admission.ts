import { parseChange } from '../../../shared/domain/change/parse-change.ts';
import { scopeMismatch } from '../../../shared/domain/decide/accepted-scope.ts';
import { microtenantIdOf } from '../../../shared/domain/decide/permit.ts';
import { cancelOutcome } from '../../../shared/domain/ledger/cancellation.ts';
import { stopsOnReject } from '../../../shared/domain/ledger/change-set.ts';
import { windowClosed } from '../../../shared/domain/ledger/schedule.ts';
import type { Rejection, UnstampedOutcome } from '../../../shared/domain/outcome/outcome.ts';
import { reject } from '../../../shared/domain/outcome/reject.ts';
import { planScopeDifference } from '../../../shared/domain/plan/plan-difference.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import type { Step } from '../rules/choose-step.ts';

/**
 * The outcome of a change that ends before ZPA is asked: its cancellation was requested, its window or the retry window is
 * over, this version does not support all of its fields (a newer version accepted it), or the configuration leads it to
 * another ZPA customer or microtenant than it was accepted or planned for. undefined: the change may be tried.
 */
export function outcomeBeforeWriting(
  ports: ApplyPorts,
  lane: LaneRecord,
  record: ChangeRecord,
): UnstampedOutcome | undefined {
  const cancelled = cancelOutcome(record);
  if (cancelled !== undefined) return cancelled;
  const now = ports.clock.now();
  const closed = windowClosed(record.change, now);
  if (closed !== undefined) return closed;
  if (now - turnSince(lane, record, now) > ports.timing.retryWindowMs) return expired(ports, lane);
  return unknownRequest(record) ?? outOfScope(ports, record) ?? plannedElsewhere(ports, record);
}

/**
 * The retry window starts when a change could first be tried: its turn in the lane. Time in which it waits for other changes, an
 * operator, its tenant or its schedule does not count.
 */
export const turnSince = ({ turn }: LaneRecord, { sequence }: ChangeRecord, now: number): number =>
  turn?.sequence === sequence ? turn.since : now;

function expired({ timing }: ApplyPorts, { stopped }: LaneRecord): Rejection {
  const why = stopped === undefined ? 'no try came to an end' : `the lane stood still: ${stopped.code}`;
  const hours = Math.round(timing.retryWindowMs / 3_600_000);
  return reject('retry-window-exhausted', `not applied within ${hours} hours after its turn came; ${why}`);
}

function unknownRequest({ change }: ChangeRecord): Rejection | undefined {
  const parsed = parseChange(change);
  const [fault] = parsed.ok ? [] : parsed.faults;
  return fault && reject(fault.code, fault.sentence, { remedy: fault.remedy, path: fault.path });
}

function outOfScope({ configuration }: ApplyPorts, record: ChangeRecord): Rejection | undefined {
  const mismatch = scopeMismatch(configuration, record);
  return mismatch && reject('not-permitted', mismatch.sentence, { remedy: mismatch.remedy });
}

function plannedElsewhere({ configuration }: ApplyPorts, { change, ref, plan }: ChangeRecord): Rejection | undefined {
  const microtenantId = microtenantIdOf(configuration, change);
  if (plan === undefined || microtenantId === undefined) return undefined;
  const difference = planScopeDifference(plan, change, { lane: ref.lane, microtenantId });
  return difference && reject('plan-outdated', difference.sentence, { details: difference.details });
}

/**
 * The part of a step that may be taken up together. A change that ends before ZPA is asked must be the head of a step, so the
 * step ends before it. A member of a stopping change set must be the head too: the outcomes of earlier members must be known
 * first.
 */
export function admissiblePart(ports: ApplyPorts, lane: LaneRecord, [head, ...rest]: Step): Step {
  const mustBeHead = (record: ChangeRecord) =>
    stopsOnReject(record) || outcomeBeforeWriting(ports, lane, record) !== undefined;
  const at = rest.findIndex(mustBeHead);
  return [head, ...(at < 0 ? rest : rest.slice(0, at))];
}
