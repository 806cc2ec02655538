import type { ChangeRequest, Ticket } from '../../../shared/domain/change/change.ts';
import type { GuardSettings } from '../../../shared/domain/configuration/guard-schema.ts';
import { decide } from '../../../shared/domain/decide/decide.ts';
import type { Permit, Transition } from '../../../shared/domain/decide/decision.ts';
import { contentDifferences } from '../../../shared/domain/decide/group-content.ts';
import type { Application, SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { Found, LiveView } from '../../../shared/domain/group/live-view.ts';
import { guardedDecision } from '../../../shared/domain/guard/guarded-decision.ts';
import type { PlanBinding } from '../../../shared/domain/plan/plan-binding.ts';
import type { Ending, PlannedWrite, ZpaWrite } from '../../../shared/domain/records/intent.ts';

/**
 * Several changes of one group as one write. Each change is decided on the state that the changes before it would leave, and
 * the write is the difference between the first state and the last. Every outcome is the same as if each change were carried
 * out by itself, since `choose-step.ts` never combines changes that undo each other. A move has several writes and is a step
 * of its own.
 */
export type FoldedStep = {
  /** One per change, in order. */
  endings: Ending[];
  /** In the order of sending; empty: nothing to write. */
  writes: PlannedWrite[];
};

/**
 * A change and the limits on it: the grants of its source, the guards of its tenant, its ticket's approvals and its
 * plan.
 */
export type ChangeToDecide = {
  change: ChangeRequest;
  permit: Permit;
  tenant: GuardSettings;
  ticket: Ticket;
  plan?: PlanBinding | undefined;
};

/** Decides the changes of a step, in order, starting from the live state. `via`: the API version for membership updates. */
export function foldStep(
  changes: readonly ChangeToDecide[],
  live: LiveView,
  microtenantId: string,
  via: 'v1' | 'v2',
): FoldedStep {
  let view = live;
  let transitions: Transition[] = [];
  const endings: Ending[] = [];
  for (const { change, permit, tenant, ticket, plan } of changes) {
    const decided = decide(change, view, microtenantId, permit);
    const decision = guardedDecision(decided, change, view, { tenant, ticket, reading: live.reading, plan });
    if (decision.kind !== 'write') {
      endings.push(decision);
      continue;
    }
    const { effect, approved, reach } = decision;
    endings.push({ kind: 'applied', effect, approved, reach });
    transitions = joinTransitions(transitions, decision.transitions);
    for (const { after } of decision.transitions) view = viewAfter(view, after);
  }
  return { endings, writes: transitions.flatMap((one) => plannedWrite(one, microtenantId, via)) };
}

/** Joins successive transitions of one group into one; a move is never joined. */
function joinTransitions(joined: Transition[], next: Transition[]): Transition[] {
  const [first] = joined;
  const [second] = next;
  if (first === undefined || second === undefined) return next;
  if (joined.length > 1 || next.length > 1) throw new Error('a move is a step of its own');
  return [{ before: first.before, after: second.after }];
}

/** The live view after a write of the step's group: the group, and the group of each application. */
function viewAfter(view: LiveView, after: SegmentGroup | null): LiveView {
  if (after === null) return { ...view, group: { kind: 'missing' } };
  if (view.group.kind === 'found' && view.group.value.id !== after.id) return view;
  const members = new Set(after.applicationIds);
  const applications = new Map<string, Found<Application>>();
  for (const [key, found] of view.applications) {
    applications.set(
      key,
      found.kind === 'found' ? { kind: 'found', value: withMembership(found.value, after, members) } : found,
    );
  }
  return { ...view, group: { kind: 'found', value: after }, applications };
}

function withMembership(application: Application, group: SegmentGroup, members: ReadonlySet<string>): Application {
  if (members.has(application.id)) return { ...application, segmentGroupId: group.id, segmentGroupName: group.name };
  if (application.segmentGroupId !== group.id) return application;
  return { ...application, segmentGroupId: undefined, segmentGroupName: undefined };
}

function plannedWrite({ before, after }: Transition, microtenantId: string, via: 'v1' | 'v2'): PlannedWrite[] {
  if (after === null) {
    return before === null ? [] : [{ write: { kind: 'delete', groupId: before.id, microtenantId }, before }];
  }
  const { name, description, enabled, configSpace } = after;
  if (before === null) {
    const content = { name, description, enabled, configSpace, applicationIds: after.applicationIds, microtenantId };
    return [{ write: { kind: 'create', ...content }, before }];
  }
  if (contentDifferences(before, after).length === 0) return [];
  const membersBefore = new Set(before.applicationIds);
  const membersAfter = new Set(after.applicationIds);
  const write: ZpaWrite = {
    kind: 'update',
    via,
    groupId: before.id,
    microtenantId,
    fields: { name, description, enabled, configSpace },
    addedApps: after.applicationIds.filter((id) => !membersBefore.has(id)),
    deletedApps: before.applicationIds.filter((id) => !membersAfter.has(id)),
  };
  return [{ write, before }];
}
