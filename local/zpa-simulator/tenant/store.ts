import { type Documents, type Effect, KINDS, type Kind } from './documents.ts';

/** One customer's documents, for reading. */
export type TenantView = {
  readonly customerId: string;
  get<K extends Kind>(kind: K, id: string): Documents[K] | undefined;
  all<K extends Kind>(kind: K): Documents[K][];
};

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
  /** The state before the last `write`s, for `read-lag`; the same as `view` while nothing lags. */
  staleView(customerId: string): TenantView | undefined;
  /** The number of reads after each write from now on that see the state before it. */
  lag(reads: number): void;
  /**
   * Runs `change` as one transaction; rolls it back if it throws or `keep` answers false. The effects are for the caller to persist.
   * Undefined for a customer this simulator does not serve.
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

type Shelves = { [K in Kind]: Map<string, Documents[K]> };
type Stale = { shelves: Shelves; reads: number };

const emptyShelves = (): Shelves => ({
  group: new Map(),
  application: new Map(),
  policySet: new Map(),
  rule: new Map(),
  microtenant: new Map(),
});

const copyShelves = (shelves: Shelves): Shelves => ({
  group: new Map(shelves.group),
  application: new Map(shelves.application),
  policySet: new Map(shelves.policySet),
  rule: new Map(shelves.rule),
  microtenant: new Map(shelves.microtenant),
});

const viewOf = (customerId: string, shelves: Shelves): TenantView => ({
  customerId,
  get: <K extends Kind>(kind: K, id: string): Documents[K] | undefined => shelves[kind].get(id),
  all: <K extends Kind>(kind: K): Documents[K][] => [...shelves[kind].values()],
});

type World = {
  customers: Map<string, Shelves>;
  stale: Map<string, Stale>;
  counters: { nextId: bigint; nextConditionId: bigint };
  lagging: number;
};

export function createStore(initial: WorldSnapshot): Store {
  const world: World = {
    customers: new Map(),
    stale: new Map(),
    counters: { nextId: 0n, nextConditionId: 0n },
    lagging: 0,
  };
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
    staleView: (customerId) => staleView(world, customerId),
    lag: (reads) => {
      world.lagging = reads;
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

function load({ customers, stale, counters }: World, snapshot: WorldSnapshot): void {
  customers.clear();
  stale.clear();
  counters.nextId = BigInt(snapshot.counters.nextId);
  counters.nextConditionId = BigInt(snapshot.counters.nextConditionId);
  for (const [customerId, documents] of Object.entries(snapshot.customers)) {
    customers.set(customerId, shelve(documents));
  }
}

function write<T>(
  { customers, stale, counters, lagging }: World,
  customerId: string,
  change: (tenant: Tenant) => T,
  keep: (result: T) => boolean = () => true,
): { result: T; effects: Effect[] } | undefined {
  const shelves = customers.get(customerId);
  if (shelves === undefined) return undefined;
  const unwritten = lagging > 0 && !stale.has(customerId) ? copyShelves(shelves) : undefined;
  const { tenant, effects, undo } = openTenant(customerId, shelves, counters);
  let committed = false;
  try {
    const result = change(tenant);
    committed = keep(result);
    const past = stale.get(customerId)?.shelves ?? unwritten;
    if (committed && lagging > 0 && past !== undefined) stale.set(customerId, { shelves: past, reads: lagging });
    return { result, effects: committed ? mergeEffects(effects) : [] };
  } finally {
    if (!committed) undo();
  }
}

function staleView({ customers, stale }: World, customerId: string): TenantView | undefined {
  const shelves = customers.get(customerId);
  if (shelves === undefined) return undefined;
  const past = stale.get(customerId);
  if (past === undefined || past.reads <= 0) {
    stale.delete(customerId);
    return viewOf(customerId, shelves);
  }
  past.reads -= 1;
  return viewOf(customerId, past.shelves);
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

function shelve(documents: { [K in Kind]: Documents[K][] }): Shelves {
  const shelves = emptyShelves();
  for (const kind of KINDS) {
    const shelf: Map<string, Documents[Kind]> = shelves[kind];
    for (const document of documents[kind]) shelf.set(document.id, document);
  }
  return shelves;
}

const unshelve = (shelves: Shelves): { [K in Kind]: Documents[K][] } => ({
  group: [...shelves.group.values()],
  application: [...shelves.application.values()],
  policySet: [...shelves.policySet.values()],
  rule: [...shelves.rule.values()],
  microtenant: [...shelves.microtenant.values()],
});
