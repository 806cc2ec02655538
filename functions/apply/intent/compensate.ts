import type { SegmentGroup, ZpaFault } from '../../../shared/domain/group/group.ts';
import { groupAfterWrite, ungroupedApplications, updatesLeft } from '../../../shared/domain/intent/intent-writes.ts';
import type { Rejection } from '../../../shared/domain/outcome/outcome.ts';
import { rejectionOf } from '../../../shared/domain/outcome/reject.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';
import type { LaneEnd } from '../lane/lane-hold.ts';
import { attributeUnderIntent } from '../settle/attribute-fault.ts';
import { settleIntent } from '../settle/settle-intent.ts';
import { actOnVerdict, type StepContext } from '../settle/step-context.ts';

/** The intent with which the worker goes on, or its leave of the intent: an end of work on the lane, or undefined to go on there. */
export type Next = { intent: Intent } | { end: LaneEnd | undefined };

/**
 * Compensates a move of which a write was refused: its earlier writes are to be undone, the last one first, under the same intent,
 * and the change is rejected with ZPA's reason. A refused compensation is alarmed and named in the failure
 * (docs/architecture.md#moves).
 */
export async function compensate(context: StepContext, intent: Intent, fault: ZpaFault): Promise<Next> {
  const action = context.records[0]?.change.action ?? 'update';
  if (intent.takingBack !== undefined) {
    await settleStranded(context, intent, intent.takingBack, fault);
    return { end: undefined };
  }
  const rejection = rejectionOf(fault, action);
  const writes = intent.writes.slice(0, intent.cursor).reverse().flatMap(inverse);
  const { unanswered: _unanswered, trouble: _trouble, ...rest } = intent;
  return { intent: { ...rest, writes, cursor: 0, sendBefore: 0, takingBack: rejection } };
}

/**
 * The rest of a move met an error that may pass: it is tried again within seconds, because applications are in no group. Once
 * the tries are used up, the move is compensated; a compensation gets as many tries.
 */
export async function retryOrCompensate(context: StepContext, intent: Intent, fault: ZpaFault): Promise<Next> {
  context.session.stage({ intent });
  const verdict = await attributeUnderIntent(context, context.records, intent, fault, 'soon');
  if (verdict.kind === 'reject') return compensate(context, intent, fault);
  return { end: await actOnVerdict(context, verdict) };
}

function inverse(planned: PlannedWrite): PlannedWrite[] {
  const { write, before } = planned;
  if (write.kind !== 'update' || before === null) return [];
  const { name, description, enabled, configSpace } = before;
  const back = { fields: { name, description, enabled, configSpace }, addedApps: write.deletedApps };
  return [{ write: { ...write, ...back, deletedApps: write.addedApps }, before: groupAfterWrite(planned) }];
}

/** What became of application segments, of one and of several. */
const SHOWN_ELSEWHERE = [
  'application segment does not show where it was',
  'application segments do not show where they were',
] as const;
const UNGROUPED = ['application segment is in no group', 'application segments are in no group'] as const;
const MOVED = [
  'application segment stays where it was moved to',
  'application segments stay where they were moved to',
] as const;

const REMEDY_PUT_BACK = 'Put back in the ZPA admin portal what the failure names, then retry or dismiss it.';

function reportUngrouped({ ports, session }: StepContext, ids: readonly string[]): void {
  if (ids.length === 0) return;
  ports.log.error('application segments left without a group', { lane: session.lane().lane, count: ids.length });
  ports.meter.count('LeftUngrouped', ids.length);
}

/**
 * ZPA answered success to the compensation, but the read-back does not show it: the failure must name what is not put back.
 */
export async function settleUncompensated(
  context: StepContext,
  intent: Intent,
  why: Rejection,
  live: ReadonlyMap<string, SegmentGroup | null>,
): Promise<void> {
  const lost = updatesLeft({ ...intent, cursor: 0 }).flatMap(({ groupId, addedApps }) => {
    const members = new Set(live.get(groupId)?.applicationIds);
    return addedApps.filter((id) => !members.has(id));
  });
  reportUngrouped(context, lost);
  const kept = fieldsKept(intent.writes, live);
  const sentences = [
    ...(lost.length > 0 ? [formatCount(lost.length, ...SHOWN_ELSEWHERE)] : []),
    ...keptSentences(kept),
  ];
  const unshown = sentences.join(' and ') || 'that does not show';
  const takingBack = notPutBack(why, `ZPA accepted undoing it, and ${unshown}`, {
    ...(lost.length > 0 && {
      applications: lost.slice(0, 100),
      putBackInto: homesOf({ ...intent, cursor: 0 }, lost),
    }),
    ...(kept.length > 0 && { fields: Object.fromEntries(kept) }),
  });
  await settleIntent(context, { ...intent, takingBack });
}

/**
 * The compensation was refused, so the written groups stay as they are. People must act, at once if applications are in
 * no group.
 */
async function settleStranded(context: StepContext, intent: Intent, why: Rejection, fault: ZpaFault): Promise<void> {
  const stranded = ungroupedApplications(intent);
  reportUngrouped(context, stranded);
  const movedCount = new Set(updatesLeft(intent).flatMap((write) => write.deletedApps)).size;
  const kept = fieldsKept(intent.writes.slice(intent.cursor));
  const sentences = [
    ...(stranded.length > 0 ? [formatCount(stranded.length, ...UNGROUPED)] : []),
    ...(movedCount > 0 ? [formatCount(movedCount, ...MOVED)] : []),
    ...keptSentences(kept),
  ];
  const takingBack = notPutBack(why, `undoing it was refused too, ${sentences.join(' and ')}`, {
    ...(stranded.length > 0 && { applications: stranded.slice(0, 100), putBackInto: homesOf(intent, stranded) }),
    ...(movedCount > 0 && { staying: stayingIn(intent) }),
    ...(kept.length > 0 && { fields: Object.fromEntries(kept) }),
    takingBack: fault,
  });
  await settleIntent(context, { ...intent, takingBack });
}

/** The rejection of a move that was not undone completely: people put the rest back. */
const notPutBack = (why: Rejection, sentence: string, details: Rejection['details']): Rejection => ({
  ...why,
  sentence: `${why.sentence}; ${sentence}`,
  remedy: REMEDY_PUT_BACK,
  details: { ...why.details, ...details },
});

type FieldsKept = [groupId: string, fields: Record<string, string | boolean>][];

/** Fields that these writes would put back, and that are still as the change wrote them; by default nobody has read the groups. */
function fieldsKept(writes: readonly PlannedWrite[], live?: ReadonlyMap<string, SegmentGroup | null>): FieldsKept {
  return writes.flatMap(({ write, before }): FieldsKept => {
    if (write.kind !== 'update') return [];
    const group = live === undefined ? before : live.get(write.groupId);
    if (group == null) return [];
    const kept = (['name', 'description', 'enabled'] as const).filter((field) => group[field] !== write.fields[field]);
    return kept.length === 0 ? [] : [[write.groupId, Object.fromEntries(kept.map((field) => [field, group[field]]))]];
  });
}

const keptSentences = (kept: FieldsKept): string[] =>
  kept.map(([id, fields]) => `segment group ${id} keeps its new ${Object.keys(fields).join(' and ')}`);

/** The applications by the group to which the remaining writes would put them back; at most a hundred per group. */
function homesOf(intent: Intent, ids: readonly string[]): Record<string, string[]> {
  const missing = new Set(ids);
  const homes = updatesLeft(intent).map(
    ({ groupId, addedApps }) => [groupId, addedApps.filter((id) => missing.has(id)).slice(0, 100)] as const,
  );
  return Object.fromEntries(homes.filter(([, apps]) => apps.length > 0));
}

/** Applications that the remaining writes would remove again, by group; at most a hundred per group. */
function stayingIn(intent: Intent): Record<string, string[]> {
  const left = updatesLeft(intent).filter((write) => write.deletedApps.length > 0);
  return Object.fromEntries(left.map((write) => [write.groupId, write.deletedApps.slice(0, 100)]));
}
