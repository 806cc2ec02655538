import type { TenantConfiguration } from '../../../shared/domain/configuration/configuration.ts';
import { microtenantIdOf, permitFor } from '../../../shared/domain/decide/permit.ts';
import type { LiveView } from '../../../shared/domain/group/live-view.ts';
import { endMembers, outcomeAfterWrite } from '../../../shared/domain/intent/outcome-after-write.ts';
import { generationKey } from '../../../shared/domain/lane/change-ref.ts';
import { reject } from '../../../shared/domain/outcome/reject.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Ending, Intent, Member } from '../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { zpaFaultOf } from '../../../shared/ports/zpa-fault.ts';
import { DEFAULT_MICROTENANT } from '../../../shared/reading/rules/scan-bound.ts';
import { MIN_NAMES_TO_LIST } from '../lane/group-name-cache.ts';
import type { LaneEnd, LaneHold, LaneWork } from '../lane/lane-hold.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import { tenantNamed } from '../lane/tenant-named.ts';
import { waitInPlace } from '../lane/wait-in-place.ts';
import { zpaOfLane } from '../lane/zpa-of-lane.ts';
import { placesPassed, type Step, sameScope } from '../rules/choose-step.ts';
import { type ChangeToDecide, foldStep } from '../rules/fold-step.ts';
import { afterAnswer } from '../rules/held-back.ts';
import { troubleOf } from '../settle/count-tries.ts';
import { rejectionFromSet } from '../settle/set-dependencies.ts';
import { settleAlone, settleInOrder } from '../settle/settle-changes.ts';
import { actOnFault, memberOf, type StepContext } from '../settle/step-context.ts';
import { pauseIfLimited } from '../settle/tenant-fault.ts';
import { admissiblePart, outcomeBeforeWriting, turnSince } from './admission.ts';
import { openIntent } from './open-intent.ts';
import { readStep } from './read-step.ts';
import { reportWithheld } from './report-withheld.ts';
import { withSuggestedNames } from './suggest-names.ts';

/**
 * Works one step: names it in the lane, reads the live state, decides, and settles or writes. `ahead`: changes that may be
 * taken up before the step's write is read back, and that are named with it; empty if the write is read back at once.
 */
export async function workStep(
  work: LaneWork,
  chosen: Step,
  unsettled: readonly ChangeRecord[],
  ahead: readonly ChangeRecord[],
): Promise<LaneEnd | undefined> {
  const { ports, session } = work;
  const records = admissiblePart(ports, session.lane(), chosen);
  const [head] = records;
  const waiting = await waitInPlace(work, troubleOf(session.lane(), head)?.retryAt ?? 0, 'retry');
  if (waiting !== undefined) return waiting;
  const strikes = strikesOf(session.lane(), records);
  await nameStep(work, records, ahead, unsettled, strikes);
  if (strikes >= ports.timing.crashStrikes) return settleCrashed(work, head, strikes);
  const outcome =
    outcomeBeforeWriting(ports, session.lane(), head) ?? (await rejectionFromSet(ports, head, session.backlog.owing()));
  if (outcome !== undefined) {
    await settleAlone(work, head, outcome);
    return undefined;
  }
  const microtenantId = microtenantIdOf(ports.configuration, head.change) ?? DEFAULT_MICROTENANT;
  const { tenant } = head.change;
  const context: StepContext = {
    ...{ ...work, tenant },
    zpa: zpaOfLane(work, tenant),
    records,
    scope: { microtenantId, signal: work.invocation.signal },
    readBackMayWait: ahead.length > 0,
    listNames:
      ahead.filter((record) => sameScope(record, head) && 'name' in record.change.group).length >= MIN_NAMES_TO_LIST,
  };
  return decideStep(context);
}

async function decideStep(context: StepContext): Promise<LaneEnd | undefined> {
  const { ports, session, tenant, records, scope } = context;
  const configured = tenantNamed(ports, tenant);
  try {
    const limited = await pauseIfLimited(context);
    if (limited !== undefined) return limited;
    const live = await readStep(context);
    const { endings, writes } = foldStep(
      records.map(judgedBy(ports, configured)),
      live,
      scope.microtenantId,
      configured.membership,
    );
    const members = await membersOf(context, live, endings);
    if (writes.length > 0) return await openIntent(context, members, writes);
    const { changes } = endMembers(members, records, ({ ending }) => outcomeAfterWrite(ending, undefined));
    await settleInOrder(context, changes);
    session.stage({ working: undefined, ...afterAnswer(session.lane(), tenant) });
    return undefined;
  } catch (error) {
    // Writes that were sent stay under the open intent, whatever happened: a later turn continues with it.
    if (session.lane().intent !== undefined) throw error;
    return actOnFault(context, zpaFaultOf(error));
  }
}

/** The changes of a decided step with their endings, as their sources may see them. */
function membersOf(context: StepContext, live: LiveView, endings: readonly Ending[]): Promise<Intent['members']> {
  const ended = context.records.flatMap((record, index) => {
    const ending = endings[index];
    return ending === undefined ? [] : [{ record, ending: reportWithheld(context.ports, record, ending) }];
  });
  return Promise.all(
    ended.map(async ({ record, ending }) => ({
      ...memberOf(record),
      ending: await withSuggestedNames(context, live, record, ending),
    })),
  );
}

const judgedBy =
  (ports: ApplyPorts, tenant: TenantConfiguration) =>
  ({ change, ref, ticket, plan }: ChangeRecord): ChangeToDecide => ({
    change,
    permit: permitFor(ports.configuration, ref.source, change),
    tenant,
    ticket,
    plan,
  });

/**
 * Stores the changes of the step in the lane before they are touched, so that a successor knows which changes a crash
 * concerns.
 */
async function nameStep(
  hold: LaneHold,
  step: Step,
  ahead: readonly ChangeRecord[],
  unsettled: readonly ChangeRecord[],
  strikes: number,
): Promise<void> {
  const { ports, session } = hold;
  const lane = session.lane();
  const now = ports.clock.now();
  const [head] = step;
  const places = {
    turn: { sequence: head.sequence, since: turnSince(lane, head, now) },
    skipped: [...new Set([...placesPassed(step, unsettled, lane), ...session.backlog.heldPlaces()])],
  };
  if (ahead.length > 0 && isNamed(hold, step)) return session.stage(places);
  const members = [...new Set([...step, ...ahead])].map(memberOf);
  await session.save({ working: { members, strikes, since: now }, ...places });
}

/** This worker has named these changes together with an earlier step: names that another worker left count no crash of this one. */
function isNamed({ ports, session }: LaneHold, step: Step): boolean {
  const { working } = session.lane();
  const leasedAt = ports.clock.now() + session.leaseLeftMs() - ports.timing.leaseMs;
  if (working === undefined || working.since < leasedAt) return false;
  const named = new Set(working.members.map(generationKey));
  return step.every((record) => named.has(generationKey(record)));
}

/** The number of crashes while only this change was named; 0 for a step of several changes or for another change. */
const strikesOf = ({ working }: LaneRecord, step: Step): number =>
  working !== undefined && step.length === 1 && keysOf(working.members) === keysOf(step) ? working.strikes : 0;

const keysOf = (members: readonly Member[]): string => members.map(generationKey).join();

async function settleCrashed(hold: LaneHold, head: ChangeRecord, strikes: number) {
  hold.ports.log.error('change crashed the worker', { ...head.ref, strikes });
  const sentence = `the worker ended ${strikes} times while it worked on this change alone`;
  await settleAlone(hold, head, reject('worker-crashed', sentence));
  return undefined;
}
