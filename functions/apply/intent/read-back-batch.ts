import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';

import type { Zpa } from '../../../shared/ports/ports.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import { readGroup, type Scope } from '../../../shared/reading/read-live.ts';
import type { LaneSession } from '../lane/lane-session.ts';
import type { ApplyPorts, Invocation, LaneEnd } from '../lane/ports.ts';
import { zpaOfLane } from '../lane/zpa-of-lane.ts';
import { writtenGroups } from '../rules/judge-intent.ts';
import { judgeReadBack } from '../rules/judge-read-back.ts';
import { waitForRead } from '../settle/attribute-fault.ts';
import { settleInOrder } from '../settle/settle-changes.ts';
import { outcomesOf } from '../settle/settle-intent.ts';
import { learnFromReadBack } from './read-back.ts';
import { readMembers } from './read-members.ts';
import { settleUnreadableAwaiting } from './settle-unreadable.ts';

/** Groups in a page of a listing, and how many groups make a listing cheaper than reading one by one. */
const PAGE_SIZE = 500;
const MAX_SINGLE_READS = 2;

type GroupsById = ReadonlyMap<string, SegmentGroup>;
type IntentReadBack = { intent: Intent; records: ChangeRecord[]; seen: GroupsById };

/**
 * One look at everything that lies aside. What shows as intended settles, in lane order. The rest is finished one by one,
 * each as if it had been the only one and after an intent that is open now: looked for again, judged, and perhaps written
 * anew (`read-back.ts`). Answers an end if ZPA could not be read; then all of it still lies aside.
 */
export async function readBackBatch(
  ports: ApplyPorts,
  session: LaneSession,
  invocation: Invocation,
): Promise<LaneEnd | undefined> {
  await settleUnreadableAwaiting(ports, session);
  const answered = session.lane().answered ?? [];
  const looks: IntentReadBack[] = [];
  for (const together of byScope(answered)) {
    const zpa = zpaOfLane(ports, session, together.tenant);
    try {
      const seen = await readGroups(zpa, together.intents, { ...together, signal: invocation.signal });
      const members = await Promise.all(together.intents.map((intent) => readMembers(ports, intent)));
      looks.push(...together.intents.map((intent, index) => ({ intent, records: members[index] ?? [], seen })));
    } catch (error) {
      if (isZpaFault(error)) return waitForRead({ ports, session, invocation, zpa }, error.fault);
      throw error;
    }
  }
  await settleShown(ports, session, looks);
  return undefined;
}

async function settleShown(ports: ApplyPorts, session: LaneSession, looks: readonly IntentReadBack[]): Promise<void> {
  const shown = looks.filter((look) => isShown(session, look));
  const [first, ...others] = looks.filter((look) => !shown.includes(look)).map((look) => look.intent);
  const endings = shown.flatMap(({ intent, records }) => outcomesOf(ports, records, intent, []));
  await settleInOrder(
    ports,
    session,
    endings.sort((a, b) => a.record.sequence - b.record.sequence),
  );
  for (const { intent, seen } of shown) learnFromReadBack(session, intent, seen);
  const { intent: open } = session.lane();
  const left = open === undefined || first === undefined ? others : [first, ...others];
  session.stage({ intent: open ?? first, answered: left.length === 0 ? undefined : left, stopped: undefined });
}

/** All of it as intended, and none of its members settled by a worker that died over it. */
function isShown(session: LaneSession, { intent, records, seen }: IntentReadBack): boolean {
  if (records.some((record) => record.state === 'settled')) return false;
  const { writer } = session.lane().learned[intent.tenant] ?? {};
  const written = writtenGroups(intent);
  const live = new Map(written.map(({ groupId }) => [groupId, seen.get(groupId) ?? null]));
  const { verdict, overtaken } = judgeReadBack(written, live, writer);
  return verdict === 'done' && overtaken.length === 0;
}

type ScopedIntents = { tenant: string; microtenantId: string; intents: Intent[] };

function byScope(answered: readonly Intent[]): ScopedIntents[] {
  const found = new Map<string, ScopedIntents>();
  for (const intent of answered) {
    const microtenantId = intent.writes[0]?.write.microtenantId ?? '0';
    const key = `${intent.tenant} ${microtenantId}`;
    const known = found.get(key) ?? { tenant: intent.tenant, microtenantId, intents: [] };
    found.set(key, { ...known, intents: [...known.intents, intent] });
  }
  return [...found.values()];
}

/** A listing as far as it costs less of the budget than reading each; what it did not show is read by itself later. */
async function readGroups(zpa: Zpa, intents: readonly Intent[], scope: Scope): Promise<GroupsById> {
  const wanted = new Set(intents.flatMap((intent) => writtenGroups(intent).map(({ groupId }) => groupId)));
  const seen = new Map<string, SegmentGroup>();
  if (wanted.size <= MAX_SINGLE_READS) {
    for (const id of wanted) {
      const found = await readGroup(zpa, id, scope);
      if (found.kind === 'found') seen.set(id, found.value);
    }
    return seen;
  }
  let left = PAGE_SIZE * Math.floor(wanted.size / MAX_SINGLE_READS);
  for await (const group of zpa.listGroups(scope)) {
    if (wanted.has(group.id)) seen.set(group.id, group);
    left -= 1;
    if (seen.size === wanted.size || left === 0) break;
  }
  return seen;
}
