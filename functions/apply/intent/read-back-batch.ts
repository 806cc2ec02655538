import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { microtenantOf, writtenGroups } from '../../../shared/domain/intent/intent-writes.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import { olderGroup } from '../../../shared/domain/records/seen-groups.ts';
import { readMembers } from '../../../shared/ledger/read-members.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { zpaFaultOf } from '../../../shared/ports/zpa-fault.ts';
import { readGroup, type Scope } from '../../../shared/reading/read-group.ts';
import type { LaneEnd, LaneHold, LaneWork } from '../lane/lane-hold.ts';
import { seenNow } from '../lane/refuse-older-reads.ts';
import { zpaOfLane } from '../lane/zpa-of-lane.ts';
import { afterAnswer } from '../rules/held-back.ts';
import { judgeReadBack } from '../rules/judge-read-back.ts';
import { attributeToTenant } from '../settle/attribute-fault.ts';
import { settleInOrder } from '../settle/settle-changes.ts';
import { outcomesOf } from '../settle/settle-intent.ts';
import { writerOf } from '../settle/step-context.ts';
import { learnFromReadBack } from './read-back.ts';
import { rememberShown } from './remember-writes.ts';
import { settleUnreadableAwaiting } from './settle-unknown.ts';

/** Groups per page of a listing. Above `MAX_SINGLE_READS` groups a listing costs fewer reads than reading each group. */
const PAGE_SIZE = 500;
const MAX_SINGLE_READS = 2;

type GroupsById = ReadonlyMap<string, SegmentGroup>;
type IntentReadBack = { intent: Intent; records: ChangeRecord[]; live: GroupsById };

/**
 * Reads back all writes that await it. Intents that show as intended settle, in lane order. Each other intent is finished by
 * itself, after an intent that is open now: read again, judged, and perhaps written again (`read-back.ts`). Returns an end if
 * the tenant does not answer; then all of them still await their read-back.
 */
export async function readBackBatch(work: LaneWork): Promise<LaneEnd | undefined> {
  const { ports, session, invocation } = work;
  await settleUnreadableAwaiting(work);
  const answered = session.lane().answered ?? [];
  const readBacks: IntentReadBack[] = [];
  for (const intents of Map.groupBy(answered, (one) => `${one.tenant} ${microtenantOf(one)}`).values()) {
    const [first] = intents;
    if (first === undefined) continue;
    const zpa = zpaOfLane(work, first.tenant);
    try {
      const live = await readGroups(zpa, intents, { microtenantId: microtenantOf(first), signal: invocation.signal });
      for (const intent of intents) readBacks.push({ intent, records: await readMembers(ports, intent), live });
    } catch (error) {
      const fault = zpaFaultOf(error);
      const wider = await attributeToTenant({ ...work, zpa }, first.tenant, fault);
      // A limit may be about these groups alone: the first of them is read back by itself next, where the tries are counted.
      if (wider !== undefined && fault.code === 'rate-limited') await settleShown(work, readBacks);
      if (wider !== undefined) return wider.end;
      // The tenant answers other reads: each intent of this scope is read back by itself.
    }
  }
  await settleShown(work, readBacks);
  return undefined;
}

async function settleShown(hold: LaneHold, readBacks: readonly IntentReadBack[]): Promise<void> {
  const { ports, session } = hold;
  const shown = readBacks.filter((readBack) => isShown(hold, readBack));
  const settled = new Set(shown.map(({ intent }) => intent));
  const [first, ...others] = (session.lane().answered ?? []).filter((intent) => !settled.has(intent));
  const endings = shown.map(({ intent, records }) => outcomesOf(ports, records, intent, []));
  await settleInOrder(
    hold,
    endings.flatMap(({ changes }) => changes).sort((a, b) => a.record.sequence - b.record.sequence),
    endings.flatMap(({ unread }) => unread),
  );
  for (const { intent, live } of shown) {
    learnFromReadBack(session, intent, live);
    rememberShown(hold, intent, live);
  }
  const { intent: open } = session.lane();
  const left = open === undefined || first === undefined ? others : [first, ...others];
  const tenants = readBacks.map(({ intent }) => intent.tenant);
  session.stage({
    ...{ intent: open ?? first, answered: left.length === 0 ? undefined : left },
    ...afterAnswer(session.lane(), ...tenants),
  });
}

/**
 * The whole intent shows as intended, in a state that is not older than the lane has seen, and none of its members was settled by a
 * worker that died meanwhile.
 */
function isShown(hold: LaneHold, { intent, records, live }: IntentReadBack): boolean {
  if (records.some((record) => record.state === 'settled')) return false;
  const writer = writerOf(hold.session, intent);
  const written = writtenGroups(intent);
  const groups = new Map(written.map(({ groupId }) => [groupId, live.get(groupId) ?? null]));
  const seen = seenNow(hold);
  const microtenantId = microtenantOf(intent);
  if (written.some(({ groupId }) => olderGroup(seen, groupId, microtenantId, groups.get(groupId) ?? null)))
    return false;
  const { verdict, overtaken } = judgeReadBack(written, groups, writer);
  return verdict === 'done' && overtaken.length === 0;
}

/**
 * Reads a listing as long as it costs less of the budget than single reads; groups it did not show are read singly
 * later.
 */
async function readGroups(zpa: Zpa, intents: readonly Intent[], scope: Scope): Promise<GroupsById> {
  const wanted = new Set(intents.flatMap((intent) => writtenGroups(intent).map(({ groupId }) => groupId)));
  const live = new Map<string, SegmentGroup>();
  if (wanted.size <= MAX_SINGLE_READS) {
    for (const id of wanted) {
      const found = await readGroup(zpa, id, scope);
      if (found.kind === 'found') live.set(id, found.value);
    }
    return live;
  }
  let left = PAGE_SIZE * Math.floor(wanted.size / MAX_SINGLE_READS);
  for await (const group of zpa.listGroups(scope)) {
    if (wanted.has(group.id)) live.set(group.id, group);
    left -= 1;
    if (live.size === wanted.size || left === 0) break;
  }
  return live;
}
