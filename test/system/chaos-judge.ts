import { zpaWrites } from '../../local/world/snapshot/zpa-writes.ts';
import type { World } from '../../local/world/world.ts';
import { refKey } from '../../shared/domain/lane/change-ref.ts';
import type { Effect } from '../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { CREATED, contentOf, expectedOf, type State } from '../unit/histories/own-model.ts';
import { toGroup } from '../unit/histories/simulator-seed.ts';
import { FIRST_GROUPS, RULED_GROUP, TENANT } from './chaos-scene.ts';

/** Rejections that come from being killed, not from the change and the tenant. */
const MISFORTUNES = new Set(['worker-crashed', 'unclassified']);

type Bodies = Map<string, { idempotencyKey?: unknown }[]>;

/** One outcome each, the tenant as the outcomes say, each write once, nothing left in any queue. */
export async function judgeChaos(world: World, bodies: Bodies) {
  const breaches: string[] = [];
  const records = await world.changes();
  const wanted = [...bodies].flatMap(([sender, list]) =>
    list.map((one) => `${sender}#${TENANT}#${one.idempotencyKey}`),
  );
  const known = new Set(records.map(({ ref }) => refKey(ref)));
  for (const key of wanted) if (!known.has(key)) breaches.push(`${key} was lost`);
  if (records.length !== wanted.length)
    breaches.push(`${records.length} changes in the ledger, ${wanted.length} were sent`);
  for (const one of records) breaches.push(...judgeRecord(world, one));
  breaches.push(...judgeTenant(world, records), ...judgeWrites(world, records), ...(await judgeQueues(world, records)));
  const outcomes = new Map<string, number>();
  for (const record of records) outcomes.set(endOf(record), (outcomes.get(endOf(record)) ?? 0) + 1);
  return { breaches, outcomes, writes: zpaWrites(world.simulator).length };
}

const endOf = ({ outcome }: ChangeRecord) =>
  outcome?.kind === 'rejected' ? `rejected ${outcome.code}` : (outcome?.kind ?? 'open');

function judgeRecord(world: World, { ref, state, pending, outcome }: ChangeRecord): string[] {
  const key = refKey(ref);
  const notices = world.outcomes().filter((one) => refKey(one.ref) === key);
  return [
    ...(state === 'settled' && pending.length === 0 ? [] : [`${key} is ${state} and owes ${pending.join()}`]),
    ...(notices.length > 0 ? [] : [`${key} was not announced`]),
    ...(notices.every((one) => one.outcome.kind === outcome?.kind) ? [] : [`${key} was announced otherwise`]),
  ];
}

/** In the order of their places, one after the other: outcomes and tenant must be those of the plain model. */
function judgeTenant(world: World, records: readonly ChangeRecord[]): string[] {
  const breaches: string[] = [];
  let state: State = new Map(FIRST_GROUPS.map((group) => [group.id, group]));
  for (const record of records.toSorted((a, b) => a.sequence - b.sequence)) {
    if (record.outcome?.kind === 'rejected' && MISFORTUNES.has(record.outcome.code)) continue;
    const { verdict, after } = expectedOf(state, record.change, RULED_GROUP);
    if (verdict !== endOf(record)) breaches.push(`${refKey(record.ref)} is ${endOf(record)} and should be ${verdict}`);
    state = withRealId(after, record);
  }
  const tenant = liveState(world);
  if (contentOf(tenant) !== contentOf(state))
    breaches.push(`the tenant is\n${contentOf(tenant)}\nand should be\n${contentOf(state)}`);
  return breaches;
}

/** A created group under the id that ZPA gave it. */
function withRealId(state: State, { outcome }: ChangeRecord): State {
  const created = state.get(CREATED);
  if (created === undefined || outcome?.kind !== 'applied') return state;
  const next = new Map(state);
  next.delete(CREATED);
  return next.set(outcome.effect.groupId, { ...created, id: outcome.effect.groupId });
}

function liveState({ simulator }: World): State {
  const [like] = FIRST_GROUPS;
  if (like === undefined) throw new Error('there are groups at first');
  const { store } = simulator;
  return new Map(store.groups().map((group) => [group.id, toGroup(like, group, store.members(group.id))]));
}

/** Each stored write id took effect once: as many writes as its change needs. */
function judgeWrites(world: World, records: readonly ChangeRecord[]): string[] {
  const needed = new Map(
    records.flatMap(({ outcome }) =>
      outcome?.kind === 'applied' ? [[outcome.writeId, writesOf(outcome.effect)] as const] : [],
    ),
  );
  const sum = [...needed.values()].reduce((total, count) => total + count, 0);
  const writes = zpaWrites(world.simulator).length;
  return writes === sum ? [] : [`${writes} writes took effect where ${sum} were needed`];
}

/** A move writes each group it touches; a delete that moves empties its group, fills the other and deletes. */
function writesOf({ before, after, moves = [] }: Effect): number {
  if (before !== null && after === null && moves.length > 0) return 3;
  return 1 + moves.length;
}

async function judgeQueues(world: World, records: readonly ChangeRecord[]): Promise<string[]> {
  const { queued, open, owing } = await world.snapshot();
  const rejected = new Set(records.filter(({ failed }) => failed).map(({ ref }) => refKey(ref)));
  const dead = new Set(world.failures().map(({ ref }) => (ref === null ? 'nobody' : refKey(ref))));
  return [
    ...(queued + open + owing === 0 ? [] : [`queued ${queued}, open ${open}, owing ${owing}`]),
    ...([...rejected].sort().join() === [...dead].sort().join()
      ? []
      : [`${rejected.size} rejected, ${dead.size} dead-lettered`]),
  ];
}
