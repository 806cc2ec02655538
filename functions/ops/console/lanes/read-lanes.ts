import type { Lane } from '../../../../shared/domain/lane/change-ref.ts';
import { openPlace } from '../../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { forEachAtOnce } from '../../../../shared/runtime/at-once.ts';
import { type ReadLane, readLaneNow } from '../../commands/lanes/read-lanes.ts';
import type { OpsSession } from '../../session/compose.ts';
import { allLanes, findLane, type TenantsOfLane } from '../../session/lanes.ts';
import { type LaneBudget, laneBudget } from './read-budget.ts';

/** A lane as it is now. Without `record` and `budget` its record cannot be read. */
export type LaneNow = ReadLane & { budget: LaneBudget | undefined };

/** Lanes that are read at a time: a stack may have hundreds. */
const AT_ONCE = 10;

/** Every lane that may hold changes, with what it does and how much of the rate limit is used. */
export async function readLanes(session: OpsSession): Promise<LaneNow[]> {
  const lanes = await allLanes(session);
  const read = new Map<Lane, LaneNow>();
  await forEachAtOnce(lanes, AT_ONCE, async ([lane, tenants]) => {
    read.set(lane, await readOne(session, lane, tenants));
  });
  return [...lanes.keys()].flatMap((lane) => read.get(lane) ?? []);
}

async function readOne(session: OpsSession, lane: Lane, tenants: TenantsOfLane): Promise<LaneNow> {
  const { configuration, timing, clock } = session;
  const read = await readLaneNow(session, lane, tenants);
  if (read.record === undefined) return { ...read, budget: undefined };
  const shared = await session.sharedReads.read(lane);
  const facts = { configuration, record: read.record, shared, now: clock.now(), budgetWindowMs: timing.budgetWindowMs };
  return { ...read, budget: laneBudget(facts) };
}

const PAGE = 50;

/** Open changes of a lane in the order in which they are applied; `next`: the place after which the next page begins. */
export type OpenPage = { changes: ChangeRecord[]; next: number | undefined };

/** One lane, and a page of its open changes. Throws an `OpsError` if there is no such lane. */
export async function readLanePage(session: OpsSession, name: string, after: number): Promise<LaneNow & OpenPage> {
  const lane = await findLane(session, name);
  const tenants = (await allLanes(session)).get(lane) ?? { tenants: [], former: [] };
  const now = await readOne(session, lane, tenants);
  const unread: number[] = [];
  const found = await session.ledger.openChanges(lane, PAGE, after, ({ place }) => unread.push(place));
  const isFull = found.length + unread.length >= PAGE;
  return { ...now, changes: found, next: isFull ? Math.max(...found.map(openPlace), ...unread) : undefined };
}
