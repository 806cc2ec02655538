import type { ChangeRequest } from './change.ts';
import { contentDifferences, type Decision, decide, NEW_GROUP, type Permit } from './decide.ts';
import type { Application, SegmentGroup } from './group.ts';
import type { Found, LiveView } from './live-view.ts';
import type { Ending, ZpaWrite } from './records.ts';

/**
 * Several changes of one group as one write: each is decided on what the ones before it would leave, and the write is
 * the difference between the first state and the last. Equal, outcome by outcome, to carrying them out one by one
 * (`choose-step.ts` never combines changes that undo each other).
 */
export type FoldedStep = {
  /** One per change, in order. */
  endings: Ending[];
  before: SegmentGroup | null;
  /** What the read-back should show; null after a delete. */
  after: SegmentGroup | null;
  /** undefined: nothing to write. */
  write: ZpaWrite | undefined;
};

export function foldStep(
  changes: readonly { change: ChangeRequest; permit: Permit }[],
  live: LiveView,
  microtenantId: string,
  via: 'v1' | 'v2',
): FoldedStep {
  const before = live.group.kind === 'found' ? live.group.value : null;
  let view = live;
  let after = before;
  const endings: Ending[] = [];
  for (const { change, permit } of changes) {
    const decision = decide(change, view, microtenantId, permit);
    if (decision.kind === 'write') {
      view = advance(view, decision.after);
      after = decision.after;
    }
    endings.push(endingOf(decision));
  }
  return { endings, before, after, write: writeOf(before, after, microtenantId, via) };
}

function endingOf(decision: Decision): Ending {
  if (decision.kind === 'rejected') return decision;
  const { effect, approved, reach } = decision;
  return { kind: decision.kind === 'write' ? 'applied' : 'unchanged', effect, approved, reach };
}

/** Live state as it will be after a write: the group, and the membership as the applications see it. */
function advance(view: LiveView, after: SegmentGroup | null): LiveView {
  if (after === null) return { ...view, group: { kind: 'missing' } };
  const members = new Set(after.applicationIds);
  const applications = new Map<string, Found<Application>>();
  for (const [key, found] of view.applications) {
    applications.set(
      key,
      found.kind === 'found' ? { kind: 'found', value: moved(found.value, after, members) } : found,
    );
  }
  return { ...view, group: { kind: 'found', value: after }, applications };
}

function moved(application: Application, group: SegmentGroup, members: ReadonlySet<string>): Application {
  if (members.has(application.id)) return { ...application, segmentGroupId: group.id, segmentGroupName: group.name };
  if (application.segmentGroupId !== group.id) return application;
  return { ...application, segmentGroupId: undefined, segmentGroupName: undefined };
}

function writeOf(
  before: SegmentGroup | null,
  after: SegmentGroup | null,
  microtenantId: string,
  via: 'v1' | 'v2',
): ZpaWrite | undefined {
  if (after === null) return before === null ? undefined : { kind: 'delete', groupId: before.id, microtenantId };
  const { name, description, enabled, configSpace } = after;
  if (before === null) {
    return {
      kind: 'create',
      name,
      description,
      enabled,
      configSpace,
      applicationIds: after.applicationIds,
      microtenantId,
    };
  }
  if (contentDifferences(before, after).length === 0) return undefined;
  const was = new Set(before.applicationIds);
  const is = new Set(after.applicationIds);
  return {
    kind: 'update',
    via,
    groupId: before.id,
    microtenantId,
    fields: { name, description, enabled, configSpace },
    addedApps: after.applicationIds.filter((id) => !was.has(id)),
    deletedApps: before.applicationIds.filter((id) => !is.has(id)),
  };
}

/** The state a write leaves if nobody else writes; for a create the id is not known yet. */
export function afterWrite(write: ZpaWrite, before: SegmentGroup | null): SegmentGroup | null {
  if (write.kind === 'delete') return null;
  if (write.kind === 'update') {
    if (before === null) throw new Error('an update has a group before it');
    const gone = new Set(write.deletedApps);
    const applicationIds = [...before.applicationIds.filter((id) => !gone.has(id)), ...write.addedApps].sort();
    return { ...before, ...write.fields, applicationIds };
  }
  const { kind: _kind, ...content } = write;
  return {
    id: NEW_GROUP,
    ...content,
    readOnly: false,
    modifiedBy: undefined,
    modifiedTime: undefined,
    creationTime: undefined,
  };
}
