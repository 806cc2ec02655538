import type { ChangeRequest, Ticket } from '../../../shared/domain/change/change.ts';
import type { GuardSettings } from '../../../shared/domain/configuration/guard-schema.ts';
import { decide } from '../../../shared/domain/decide/decide.ts';
import type { Permit, Transition } from '../../../shared/domain/decide/decision.ts';
import { contentDifferences, NEW_GROUP, withMembers } from '../../../shared/domain/decide/group-content.ts';
import type { Application, SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { Found, LiveView } from '../../../shared/domain/group/live-view.ts';
import { guardedDecision } from '../../../shared/domain/guard/guarded-decision.ts';
import type { PlanBinding } from '../../../shared/domain/plan/plan-binding.ts';
import type { Ending, PlannedWrite, ZpaWrite } from '../../../shared/domain/records/intent.ts';

/**
 * Several changes of one group as one write: each is decided on what the ones before it would leave, and the write is
 * the difference between the first state and the last. Equal, outcome by outcome, to carrying them out one by one
 * (`choose-step.ts` never combines changes that undo each other). A change with several writes, a move, comes alone.
 */
export type FoldedStep = {
  /** One per change, in order. */
  endings: Ending[];
  /** In the order they are to be sent; empty: nothing to write. */
  writes: PlannedWrite[];
};

/** A change with what it is judged by: the grants of its source, the guards of its tenant, its ticket's approvals and plan. */
export type ChangeToDecide = {
  change: ChangeRequest;
  permit: Permit;
  tenant: GuardSettings;
  ticket: Ticket;
  plan?: PlanBinding | undefined;
};

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

/** Single transitions of one group after another become one; moves stand alone. */
function joinTransitions(known: Transition[], next: Transition[]): Transition[] {
  const [first] = known;
  const [second] = next;
  if (first === undefined || second === undefined) return next;
  if (known.length > 1 || next.length > 1) throw new Error('a move is a step of its own');
  return [{ before: first.before, after: second.after }];
}

/** Live state as it will be after a write of the step's group: the group, and the applications' view of it. */
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
  const [was, is] = [new Set(before.applicationIds), new Set(after.applicationIds)];
  const write: ZpaWrite = {
    kind: 'update',
    via,
    groupId: before.id,
    microtenantId,
    fields: { name, description, enabled, configSpace },
    addedApps: after.applicationIds.filter((id) => !was.has(id)),
    deletedApps: before.applicationIds.filter((id) => !is.has(id)),
  };
  return [{ write, before }];
}

/** The state a write leaves if nobody else writes; for a create the id is not known yet. */
export function groupAfterWrite({ write, before }: PlannedWrite): SegmentGroup | null {
  if (write.kind === 'delete') return null;
  if (write.kind === 'update') {
    if (before === null) throw new Error('an update has a group before it');
    return { ...withMembers(before, write.addedApps, write.deletedApps), ...write.fields };
  }
  const { kind: _kind, ...content } = write;
  const server = { readOnly: false, modifiedBy: undefined, modifiedTime: undefined, creationTime: undefined };
  return { id: NEW_GROUP, ...content, ...server };
}
