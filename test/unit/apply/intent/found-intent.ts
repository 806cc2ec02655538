import { readBackBatch } from '../../../../functions/apply/intent/read-back-batch.ts';
import { recoverIntent } from '../../../../functions/apply/intent/recover-intent.ts';
import { acquireLane } from '../../../../functions/apply/lane/lane-session.ts';
import { sortedIds } from '../../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { Ending, Intent, PlannedWrite } from '../../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { anApplied } from '../../../fakes/records.ts';
import { configure } from '../interfere.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';
import { OTHER } from '../requests.ts';

/** A lane with an intent that a worker left in the ledger, and the successor that finds it. */

/** The `modifiedBy` of our writes, as the memory tenant sets it. */
export const OURS = '216196257331399999';
/** The lane has learned our stamp. */
export const KNOWING = { learned: { acme: { writer: OURS } } };
export const COLLEAGUE = '216196257331300001';
const RENAME = { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } };

export type LeftMember = {
  request?: Record<string, unknown>;
  ending?: Ending;
  /** Fields of the change as the ledger holds it by now. */
  record?: Partial<ChangeRecord>;
};

export type Left = {
  writes: PlannedWrite[];
  members?: LeftMember[];
  intent?: Partial<Intent>;
  lane?: Partial<LaneRecord>;
  /** The intent awaits its read-back, after the ones before it. */
  awaitingReadBack?: boolean;
};

/** An ending `applied` or `unchanged` with this effect, as `decide` would return it. */
export function anEnding(over: Partial<Extract<Ending, { kind: 'applied' | 'unchanged' }>> = {}): Ending {
  const { effect, approved, reach } = anApplied();
  return {
    ...{ kind: 'applied', reach, ...over },
    effect: { ...effect, groupId: GROUP, ...over.effect },
    approved: { ...approved, groupId: GROUP, ...over.approved },
  };
}

type Update = Extract<PlannedWrite['write'], { kind: 'update' }>;

/** An update of `before`; fields that are not given stay as they are. */
export function updating(
  before: SegmentGroup,
  { fields = {}, ...over }: Partial<Omit<Update, 'fields'>> & { fields?: Partial<Update['fields']> } = {},
): PlannedWrite {
  const { id, name, description, enabled, configSpace, microtenantId } = before;
  const own = { name, description, enabled, configSpace, ...fields };
  const none = { addedApps: [], deletedApps: [] };
  return { before, write: { kind: 'update', via: 'v2', groupId: id, microtenantId, fields: own, ...none, ...over } };
}

/**
 * Stores the intents in the lane (the last one is open unless it awaits its read-back) and acquires the lane. By
 * default the write at the cursor was last sendable so long ago that it is judged at once.
 */
export async function leave(world: LaneWorld, ...left: Left[]) {
  const { timing } = world.ports;
  const longAgo = world.clock.now() - timing.requestTimeoutMs - timing.quietPeriodMs;
  const records: ChangeRecord[] = [];
  const intents: Intent[] = [];
  for (const [place, { members = [{}], writes, intent }] of left.entries()) {
    const named: Intent['members'] = [];
    for (const { request = RENAME, ending = anEnding(), record } of members) {
      const accepted = await world.accept(`T-${records.length + 1}`, request);
      const known = { ...accepted, ...record };
      if (record !== undefined) await world.ledger.writeChange(known, accepted.version);
      records.push(known);
      named.push({ ref: accepted.ref, generation: accepted.generation, sequence: accepted.sequence, ending });
    }
    const sent = { tenant: 'acme', members: named, writes, cursor: 0, sendBefore: longAgo };
    intents.push({ writeId: `write-${place + 1}`, ...sent, ...intent });
  }
  const answered = intents.filter((_, index) => left[index]?.awaitingReadBack);
  const open = intents.find((_, index) => !left[index]?.awaitingReadBack);
  const { written } = await world.ledger.writeLane(
    {
      ...newLane(LANE),
      ...(open !== undefined && { intent: open }),
      ...(answered.length > 0 && { answered }),
      ...left.at(-1)?.lane,
    },
    0,
  );
  if (!written) throw new Error('somebody has worked this lane before');
  return succeed(world);
}

/** Acquires the lane as the next worker does. */
export async function succeed(world: LaneWorld) {
  const session = await acquireLane(world.ports, LANE, { reads: 16, writes: 10, windowMs: 10_000 }, new Set());
  if (session === undefined) throw new Error('the lane was free');
  const endsAt = world.clock.now() + world.ports.timing.functionTimeoutMs;
  const invocation = { remainingMs: () => endsAt - world.clock.now(), signal: new AbortController().signal };
  /** Runs turns until the intent is cleared or the lane has to wait. */
  async function finish() {
    for (let turn = 0; turn < 30 && session?.lane().intent !== undefined; turn += 1) {
      const end = await recoverIntent({ ports: world.ports, session, invocation });
      if (end !== undefined) return end;
    }
    return undefined;
  }
  return {
    ...{ world, session, invocation, finish },
    readBack: () => readBackBatch({ ports: world.ports, session, invocation }),
    lane: () => session.lane(),
    outcome: world.outcome,
    /** Finishes, and answers how the change ended. */
    ends: async (key = 'T-1') => {
      await finish();
      return world.outcome(key);
    },
  };
}

export type Calls = { method: string; argument: unknown; at: number }[];

/** Records the calls to ZPA from now on; `before` runs before each call and may change the tenant. */
export function watch(world: LaneWorld, before: (method: string, argument: unknown) => void = () => undefined): Calls {
  const calls: Calls = [];
  const { interfere } = world.tenant;
  world.tenant.interfere = (method, argument) => {
    calls.push({ method, argument, at: world.clock.now() });
    before(method, argument);
    return interfere(method, argument);
  };
  return calls;
}

/** A lane world with these groups, and with applications for all ids that tests use. */
export function laneOf(...groups: Partial<SegmentGroup>[]): LaneWorld {
  const world = createLaneWorld();
  for (const group of groups) world.addGroup({ modifiedBy: COLLEAGUE, modifiedTime: 1_700_000_000, ...group });
  world.addApplications('11', '12', '13', '14');
  return world;
}

/** A copy of the group as ZPA holds it now. */
export function groupIn(world: LaneWorld, id = GROUP): SegmentGroup {
  const group = world.tenant.groups.get(id);
  if (group === undefined) throw new Error(`the tenant has no group ${id}`);
  return structuredClone(group);
}

/** Changes the group as our write would have done. */
export function wroteAs(world: LaneWorld, id: string, over: Partial<SegmentGroup>): void {
  const modifiedTime = Math.floor(world.clock.now() / 1000);
  world.tenant.groups.set(id, { ...groupIn(world, id), modifiedBy: OURS, modifiedTime, ...over });
}

/** The writes of a move of these applications, which have left `from` by now. */
export function moveOf(world: LaneWorld, ids: string[], { from = OTHER, to = GROUP, ...fields }: MoveOf = {}) {
  const left = groupIn(world, from);
  const before = { ...left, applicationIds: sortedIds([...new Set([...ids, ...left.applicationIds])]) };
  return [updating(before, { deletedApps: ids }), updating(groupIn(world, to), { addedApps: ids, fields })];
}
type MoveOf = { from?: string; to?: string } & Partial<Update['fields']>;

/** The operator edits the tenant's setting. */
export const setMembership = (world: LaneWorld, membership: 'v2' | 'v1') => configure(world, { membership });
