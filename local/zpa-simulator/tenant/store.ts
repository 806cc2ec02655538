import type { Documents, Effect, Kind } from './documents.ts';
import { noReadLag, type Read, type ReadLag } from './read-lag.ts';
import { copyShelves, type Shelves, shelve, type TenantView, unshelve, viewOf } from './shelves.ts';

/** One customer's documents, for changing; only inside `Store.write`. */
export type Tenant = TenantView & {
  put<K extends Kind>(kind: K, document: Documents[K]): void;
  remove(kind: Kind, id: string): void;
  /** A new 64-bit id, greater than all before it. */
  takeId(): string;
  /** Ids of conditions and operands count apart. */
  takeConditionId(): string;
};

export type Counters = { nextId: string; nextConditionId: string };
export type WorldSnapshot = { counters: Counters; customers: Record<string, { [K in Kind]: Documents[K][] }> };

export type Store = {
  customerIds(): string[];
  view(customerId: string): TenantView | undefined;
  /** A read of the API, which may see the past (`read-lag`). */
  read(customerId: string, read: Read | undefined): TenantView | undefined;
  /**
   * Runs `change` as one transaction; rolls it back if it throws or `keep` answers false. The effects are for the
   * caller to persist. Undefined for a customer this simulator does not serve.
   */
  write<T>(
    customerId: string,
    change: (tenant: Tenant) => T,
    keep?: (result: T) => boolean,
  ): { result: T; effects: Effect[] } | undefined;
  counters(): Counters;
  snapshot(): WorldSnapshot;
  restore(snapshot: WorldSnapshot): void;
};

type World = {
  customers: Map<string, Shelves>;
  counters: { nextId: bigint; nextConditionId: bigint };
  lag: ReadLag;
};

export function createStore(initial: WorldSnapshot, lag: ReadLag = noReadLag): Store {
  const world: World = { customers: new Map(), counters: { nextId: 0n, nextConditionId: 0n }, lag };
  load(world, initial);
  const counters = (): Counters => ({
    nextId: String(world.counters.nextId),
    nextConditionId: String(world.counters.nextConditionId),
  });
  return {
    customerIds: () => [...world.customers.keys()],
    view: (customerId) => {
      const shelves = world.customers.get(customerId);
      return shelves && viewOf(customerId, shelves);
    },
    read: (customerId, read) => {
      const shelves = world.customers.get(customerId);
      return shelves && (read === undefined ? viewOf(customerId, shelves) : lag.view(customerId, shelves, read));
    },
    write: (customerId, change, keep) => write(world, customerId, change, keep),
    counters,
    snapshot: () => ({
      counters: counters(),
      customers: Object.fromEntries([...world.customers].map(([id, shelves]) => [id, unshelve(shelves)])),
    }),
    restore: (snapshot) => load(world, snapshot),
  };
}

function load({ customers, counters, lag }: World, snapshot: WorldSnapshot): void {
  customers.clear();
  lag.forget();
  counters.nextId = BigInt(snapshot.counters.nextId);
  counters.nextConditionId = BigInt(snapshot.counters.nextConditionId);
  for (const [customerId, documents] of Object.entries(snapshot.customers)) {
    customers.set(customerId, shelve(documents));
  }
}

function write<T>(
  { customers, counters, lag }: World,
  customerId: string,
  change: (tenant: Tenant) => T,
  keep: (result: T) => boolean = () => true,
): { result: T; effects: Effect[] } | undefined {
  const shelves = customers.get(customerId);
  if (shelves === undefined) return undefined;
  const unwritten = lag.isOn() ? copyShelves(shelves) : undefined;
  const { tenant, effects, undo } = openTenant(customerId, shelves, counters);
  let committed = false;
  try {
    const result = change(tenant);
    committed = keep(result);
    const merged = committed ? mergeEffects(effects) : [];
    if (unwritten !== undefined) lag.wrote(customerId, unwritten, merged);
    return { result, effects: merged };
  } finally {
    if (!committed) undo();
  }
}

function openTenant(
  customerId: string,
  shelves: Shelves,
  counters: { nextId: bigint; nextConditionId: bigint },
): { tenant: Tenant; effects: Effect[]; undo: () => void } {
  const effects: Effect[] = [];
  const before: [Map<string, unknown>, string, unknown][] = [];
  const set = <K extends Kind>(kind: K, id: string, after: Documents[K] | undefined): void => {
    const shelf: Map<string, Documents[K]> = shelves[kind];
    const old = shelf.get(id);
    before.push([shelf, id, old]);
    if (after === undefined) shelf.delete(id);
    else shelf.set(id, after);
    effects.push({ customerId, kind, id, before: old, after } as Effect);
  };
  const tenant: Tenant = {
    ...viewOf(customerId, shelves),
    put: (kind, document) => set(kind, document.id, document),
    remove: (kind, id) => set(kind, id, undefined),
    takeId: () => String(counters.nextId++),
    takeConditionId: () => String(counters.nextConditionId++),
  };
  const undo = (): void => {
    for (const [shelf, id, old] of before.reverse()) {
      if (old === undefined) shelf.delete(id);
      else shelf.set(id, old);
    }
  };
  return { tenant, effects, undo };
}

/** Several changes of one document in one write are one effect: from the first `before` to the last `after`. */
function mergeEffects(effects: readonly Effect[]): Effect[] {
  const merged = new Map<string, Effect>();
  for (const effect of effects) {
    const key = `${effect.kind} ${effect.id}`;
    const first = merged.get(key);
    merged.set(key, first === undefined ? effect : ({ ...effect, before: first.before } as Effect));
  }
  return [...merged.values()].filter((effect) => effect.before !== undefined || effect.after !== undefined);
}
